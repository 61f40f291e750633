import Base
import Kernel
import Reading
import Referrals

/// What the policy in force says of one reading, kept with everything that came of it.
struct Judgement {
    let document: Record<Document>
    let policy: ReadingPolicy
    let sender: String

    /// - Parameter document: In the machine's environment.
    init(of document: Record<Document>, _ reading: DocumentReading) throws {
        self.document = document
        policy = try ReadingPolicy.inForce(company: document.company?.id, in: document.env)
        sender = SenderName.of(document, reading)
    }

    /// What is kept with one suggestion.
    func values(of finding: Finding, in part: DocumentReading.Part) -> ValueMap {
        let standing = policy.standing(of: finding.field.rawValue, confidence: finding.confidence, kind: part.kind.rawValue)
        return ["standing": .text(standing.rawValue), "policy": .text(policy.cause), "sender": .text(sender)]
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

/// Who sent a document, by which forms and corrections are told apart.
enum SenderName {
    /// The longest name, in characters.
    private static let limit = 120

    /// A caller's number or a mail address where the channel knows one, else the practice of the letterhead, else nobody.
    static func of(_ document: Record<Document>, _ reading: DocumentReading) -> String {
        let arrival = document.intake?.sender ?? ""
        if arrival.contains("@") || arrival.hasPrefix("+") { return String(arrival.lowercased().prefix(limit)) }
        let practice = reading.parts.first { !$0.findings.isEmpty }?.findings.first { $0.field == .practice }
        return String((practice?.value ?? "").lowercased().prefix(limit))
    }
}
