import Crypto
import Testing

@testable import Approvals

@Suite struct ApprovalChainTests {
    @Test("a person who is needed later is not used up earlier")
    func neededLater() {
        let chain = Chain([
            Chain.Step(order: 1, quorum: 1, seats: [1, 2]), Chain.Step(order: 2, quorum: 1, seats: [1]),
        ])
        #expect(chain.isFeasible)
        #expect(chain.place(1, for: 1) == nil)
        #expect(chain.place(2, for: 2) == 0)
    }

    @Test("a chain without enough different people is found at once")
    func infeasible() {
        let step = Chain.Step(order: 1, quorum: 1, seats: [1])
        #expect(Chain([step, step]).unfilled == 1)
        #expect(Chain([]).unfilled == 0)
        #expect(Chain([Chain.Step(order: 1, quorum: 3, seats: [1, 2])]).unfilled == 0)
    }

    @Test("random chains and random decisions never reach approval without the required distinct, eligible people, and never get stuck")
    func randomChains() {
        let random = SeededRandomSource(seed: 7)
        var approved = 0
        for _ in 0..<4_000 {
            var chain = ApprovalChainTests.chain(random)
            guard chain.isFeasible else { continue }
            // Somebody stands in for somebody else.
            let delegation = (from: random.number(below: 8), to: random.number(below: 8))
            var order = (0..<8).map { $0 }
            var generator = RandomGenerator(random)
            for _ in 0..<6 {
                order.shuffle(using: &generator)
                for actor in order {
                    let seats = delegation.to == actor ? [actor, delegation.from] : [actor]
                    guard let seat = seats.first(where: { chain.place(actor, for: $0) != nil }), let step = chain.place(actor, for: seat)
                    else {
                        continue
                    }
                    chain = chain.adding(Chain.Vote(step: step, seat: seat, actor: actor))
                    ApprovalChainTests.check(chain)
                }
            }
            #expect(chain.isApproved, "stuck: \(chain)")
            if chain.isApproved { approved += 1 }
        }
        #expect(approved > 500)
    }

    private static func chain(_ random: SeededRandomSource) -> Chain {
        let steps = (0..<1 + random.number(below: 3)).map { _ -> Chain.Step in
            let seats = (0..<8).filter { _ in random.number(below: 2) == 0 }
            let mandatory = Set(seats.filter { _ in random.number(below: 5) == 0 })
            let quorum = max(1 + random.number(below: 3), mandatory.count)
            return Chain.Step(order: random.number(below: 2), quorum: quorum, seats: seats, mandatory: mandatory)
        }
        return Chain(steps)
    }

    /// What must be true of every chain, counted plainly.
    private static func check(_ chain: Chain) {
        var people: [Int] = []
        for vote in chain.votes {
            #expect(chain.steps[vote.step].seats.contains(vote.seat))
            people += vote.seat == vote.actor ? [vote.seat] : [vote.seat, vote.actor]
        }
        #expect(Set(people).count == people.count, "somebody counts twice: \(chain.votes)")
        guard chain.isApproved else { return }
        for (index, step) in chain.steps.enumerated() {
            let own = chain.votes.filter { $0.step == index }
            #expect(Set(own.map(\.actor)).count >= step.quorum)
            #expect(step.mandatory.isSubset(of: Set(own.map(\.seat))))
        }
    }
}
