/// Who has to agree to something, and who has: a value, without records.
///
/// Everybody counts once in a chain, whether they decide for themselves, decide for somebody else, or are decided for.
struct Chain: Sendable, Hashable {
    /// Some people of whom so many have to agree.
    struct Step: Sendable, Hashable {
        /// Steps of the same order run side by side, those of a higher one later.
        let order: Int
        let quorum: Int
        /// Whoever may agree.
        let seats: [Int]
        /// Those who have to be among them.
        var mandatory: Set<Int> = []
    }

    /// One person's agreement.
    struct Vote: Sendable, Hashable {
        /// The step's place in `steps`.
        let step: Int
        /// Whose seat it is.
        let seat: Int
        /// Who decided: the seat's holder, or who stands in.
        let actor: Int
    }

    let steps: [Step]
    /// Enough agreements, wherever they come from, when all mandatory ones are among them; 0 means that each step has to be met.
    let minimum: Int
    private(set) var votes: [Vote]

    init(_ steps: [Step], minimum: Int = 0, votes: [Vote] = []) {
        self.steps = steps
        self.minimum = minimum
        self.votes = votes
    }

    /// Everybody who counts already.
    var counted: Set<Int> { votes.reduce(into: []) { $0.formUnion([$1.seat, $1.actor]) } }

    /// Whether a step has its quorum and everybody who must be in it.
    func isMet(_ step: Int) -> Bool {
        let seats = Set(votes.filter { $0.step == step }.map(\.seat))
        return seats.count >= steps[step].quorum && steps[step].mandatory.isSubset(of: seats)
    }

    /// Whether everybody has agreed who has to.
    var isApproved: Bool {
        guard minimum > 0 else { return !steps.isEmpty && steps.indices.allSatisfy(isMet) }
        let mandatory = steps.reduce(into: Set<Int>()) { $0.formUnion($1.mandatory) }
        return votes.count >= minimum && mandatory.isSubset(of: Set(votes.map(\.seat)))
    }

    /// The steps whose turn it is.
    var open: [Int] {
        if isApproved { return [] }
        let unmet = steps.indices.filter { !isMet($0) }
        guard let order = unmet.map({ steps[$0].order }).min() else { return [] }
        return unmet.filter { steps[$0].order == order }
    }

    /// The step in which somebody may agree now, for a seat's holder: one after which the rest of the chain can still be filled.
    func place(_ actor: Int, for seat: Int) -> Int? {
        if !counted.isDisjoint(with: [actor, seat]) { return nil }
        return open.first { step in
            guard steps[step].seats.contains(seat) else { return false }
            return adding(Vote(step: step, seat: seat, actor: actor)).isFeasible
        }
    }

    /// The chain with one more agreement.
    func adding(_ vote: Vote) -> Chain {
        var next = self
        next.votes.append(vote)
        return next
    }

    /// Whether different people can still be found for everything that is missing.
    var isFeasible: Bool { unfilled == nil }

    /// The first step for which no person is left; nil when all can be filled.
    var unfilled: Int? {
        if isApproved { return nil }
        let used = counted
        if minimum > 0 {
            let free = Set(steps.flatMap(\.seats)).subtracting(used)
            if votes.count + free.count < minimum { return steps.indices.last ?? 0 }
            return steps.indices.first { step in
                steps[step].mandatory.contains { seat in used.contains(seat) && !votes.contains { $0.seat == seat } }
            }
        }
        if steps.isEmpty { return 0 }
        return Matching(places, used: used).unfilled
    }

    /// What is missing: for each place its step and who could take it.
    private var places: [Matching.Place] {
        steps.indices.flatMap { index -> [Matching.Place] in
            let step = steps[index]
            let present = Set(votes.filter { $0.step == index }.map(\.seat))
            let owed = step.mandatory.subtracting(present).sorted()
            let open = max(step.quorum - present.count - owed.count, 0)
            let anybody = Matching.Place(step: index, people: step.seats)
            return owed.map { Matching.Place(step: index, people: [$0]) } + Array(repeating: anybody, count: open)
        }
    }
}
