import Base
import Kernel
import Reading
import Referrals

/// What the policy in force says of one reading, kept with everything that came of it.
struct Judgement {
    let document: Record<Document>
    let policy: ReadingPolicy
    let read: SenderReading

    /// - Parameter document: In the machine's environment.
    init(of document: Record<Document>, _ read: SenderReading) throws {
        self.document = document
        policy = try ReadingPolicy.inForce(company: document.company?.id, in: document.env)
        self.read = read
    }

    /// What is kept with one suggestion.
    func values(of finding: Finding, in part: DocumentReading.Part) -> ValueMap {
        let standing = policy.standing(of: finding.field.rawValue, confidence: finding.confidence, kind: part.kind.rawValue)
        return [
            "standing": .text(standing.rawValue), "policy": .text(policy.cause), "sender": .text(read.sender), "form": .text(read.form),
        ]
    }

    /// Looks for the records that the part may mean, at the document's site.
    func match(_ part: DocumentReading.Part, id: Int) throws {
        var values: [String: String] = [:]
        var legibility: [String: Double] = [:]
        for finding in part.findings {
            values[finding.field.rawValue] = finding.value
            // A name of a dictionary stands for letters that only were like it.
            if finding.rule.hasSuffix("+dictionary") { legibility[finding.field.rawValue] = finding.evidence.fit }
        }
        let site = try document.siteEnvironment()
        let found = try MatchDesk.find(values, legibility: legibility, policy: policy, in: site)
        try MatchDesk.keep(found, of: document, part: id, policy: policy, in: site)
    }
}

extension Record<Document> {
    /// The machine's environment at the document's site.
    func siteEnvironment() throws -> Environment {
        let machine = env.asSuperuser("records are looked for at the document's site")
        guard let site = self.company?.id else { return machine }
        return try machine.with(context: ["allowed_company_ids": .ids([site])])
    }
}
