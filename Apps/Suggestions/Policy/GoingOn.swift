import Engine
import Kernel
import Referrals
import Store

/// What goes on by itself: a document of which everything is sure and complete becomes a referral where the policy says so.
///
/// The service of reading does it with its own rights, as a coordinator would in the entry form; the trail names the policy's version.
enum GoingOn {
    static let kind = "document.go_on"

    /// Plans it where nothing stands in the way, and keeps what does.
    static func plan(_ document: Record<Document>, _ policy: ReadingPolicy) throws {
        let obstacles = try obstacles(to: document, policy)
        guard obstacles.isEmpty else { return try hold(document, obstacles) }
        try document.env.unit.transaction.enqueue(
            JobRequest(kind, queue: ReadingJobs.queue, payload: ["document": .int(document.id)], uniqueKey: "\(kind):\(document.id)"))
    }

    /// What a runner is given: a refusal is final, and gets an owner like every job that gave up.
    static let handler = JobHandler(
        kind,
        records: { job, env in
            guard let id = job.payload["document"]?.intValue else { throw JobFailure.hopeless(reason: "The job names no document.") }
            do { try enter(id, in: env) } catch let refusal as Refusal { throw JobFailure.hopeless(reason: refusal.description) }
        })

    /// Makes the referral, if everything is still as it was: nobody has decided, and the policy in force lets it go on.
    static func enter(_ id: Int, in env: Environment) throws {
        let machine = env.asSuperuser("whether something goes on is the machine's to decide")
        guard try !machine.existing([id], in: machine.registry.schema(Document.self)).isEmpty else { return }
        let document = machine.record(Document.self, id)
        let suggestions = try SuggestionDesk.own(id, in: machine)
        guard document.state == .checked, document.referral == nil, document[\ReadDocument.reading] == .done, !suggestions.isEmpty,
            suggestions.allSatisfy({ $0.state == .proposed }),
            try MatchDesk.matches(of: id, in: machine).allSatisfy({ $0.state == .open })
        else { return }
        let policy = try ReadingPolicy.inForce(company: document.company?.id, in: machine)
        let obstacles = try obstacles(to: document, policy)
        guard obstacles.isEmpty else { return try hold(document, obstacles) }
        guard let service = try ReadingUser.environment(at: document.company?.id, in: machine) else {
            return try hold(document, ["The service of reading may not work at this site."])
        }
        let values = Dictionary(suggestions.map { ($0.field, $0.proposal) }) { first, _ in first }
        _ = try EntryDesk.enter(id, values, under: policy.cause, in: service.because(policy.cause, on: document.records))
    }

    /// What stands in the way, from what is kept of the document.
    static func obstacles(to document: Record<Document>, _ policy: ReadingPolicy) throws -> [String] {
        let machine = document.env
        let suggestions = try SuggestionDesk.own(document.id, in: machine)
        var given = ReadingCase()
        let parts = Array(document[\ReadDocument.parts])
        if let part = suggestions.first?.part { (given.kind, given.kindConfidence) = (part.kind, part.confidence) }
        given.requests = parts.count { $0.kind == "referral" }
        given.patients = Set(parts.map(\.patientNumber)).subtracting([0]).count
        given.isUnsure = document[\ReadDocument.reading] != .done
        given.confidences = Dictionary(suggestions.map { ($0.field, $0.confidence) }) { first, _ in first }
        // What was judged by another version is judged anew.
        var values: [String: String] = [:]
        for suggestion in suggestions { values[suggestion.field] = suggestion.proposal }
        let legibility = suggestions.filter { $0.rule.hasSuffix("+dictionary") }.map { ($0.field, $0.inputs["fit"]?.doubleValue ?? 0) }
        let found = try MatchDesk.find(
            values, legibility: Dictionary(legibility) { first, _ in first }, policy: policy, in: document.siteEnvironment())
        given.matches = found.mapValues(\.level)
        let missing = EntryDesk.required.filter { (values[$0] ?? "").isEmpty }
        let isShort = suggestions.count < 500 && document.pageCount <= ReadingJobs.pageLimit
        return policy.obstacles(to: given)
            + (missing.isEmpty ? [] : ["A referral needs: \(missing.joined(separator: ", "))."])
            + (isShort ? [] : ["The document is longer than what is read."])
    }

    private static func hold(_ document: Record<Document>, _ obstacles: [String]) throws {
        try document.write(["reading_held": .text(Array(Set(obstacles)).sorted().joined(separator: "\n"))])
    }
}
