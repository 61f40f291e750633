import Base
import Kernel
import Messaging

/// Which items a referral needs, and which are there.
enum Completeness {
    /// The item that a referral gets when it comes back; no rule asks for it, and no rule takes it away.
    static let clarification = "clarification"
    /// The most earlier referrals whose documents still count.
    private static let ancestorLimit = 5

    /// One item that is asked for.
    private struct Item {
        let code: String
        let title: String
        /// Alternatives of dotted paths on the referral; empty for a document.
        let fields: [String]
        let document: String
        let rule: String

        init(_ answer: [String: Value]) {
            func text(_ name: String) -> String { answer[name]?.textValue ?? "" }
            code = text("code")
            title = text("title")
            fields = text("field").split(separator: "|").map(String.init)
            document = text("document")
            rule = text("rule")
        }
    }

    /// What the table is told of a referral.
    static func inputs(of referral: Record<Referral>) -> ValueMap {
        ["specialty": (referral.specialty?.code ?? "").decisionValue, "payer": (referral.payer?.reference ?? "").decisionValue]
    }

    /// The items asked for, each code once, and what the version that asks is called.
    private static func items(for referral: Record<Referral>) throws -> (items: [Item], cause: String) {
        let decision = try ReferralTable.completeness.decide(inputs(of: referral), for: referral)
        var items: [Item] = []
        for item in decision.answers.map({ Item($0) }) where !items.contains(where: { $0.code == item.code }) { items.append(item) }
        return (items, decision.cause)
    }

    /// Brings the requirements in line with the rules and with what is known; waivers stay.
    static func refresh(_ referral: Record<Referral>) throws {
        let (items, cause) = try items(for: referral)
        let env = referral.env.because(cause)
        var known: [String: Record<Requirement>] = [:]
        for requirement in referral.requirements { known[requirement.code] = requirement }
        for (place, item) in items.enumerated() {
            let isThere = try isFulfilled(item, referral)
            if let requirement = known.removeValue(forKey: item.code) {
                guard requirement.state != .waived else { continue }
                let wanted: Requirement.State = isThere || requirement.document != nil ? .received : .missing
                // What a person marked as received stays so: the machine only adds.
                if requirement.state == .missing, wanted == .received { requirement.state = .received }
                if requirement.state == .received, wanted == .missing, item.document.isEmpty { requirement.state = .missing }
            } else {
                try env.create(
                    Requirement.self,
                    [
                        "referral_id": .int(referral.id), "code": .text(item.code), "name": .text(item.title), "rule": .text(item.rule),
                        "sequence": .int(place), "state": .text(isThere ? "received" : "missing"),
                    ])
            }
        }
        for (code, requirement) in known where requirement.state == .missing && code != clarification { try requirement.asSet.unlink() }
    }

    /// A document may be what a requirement waits for.
    static func take(_ document: Record<Document>, for referral: Record<Referral>) throws {
        let superuser = referral.env.asSuperuser("requirements are kept by the machine")
        let items = try items(for: referral).items
        for requirement in superuser.record(Referral.self, referral.id).requirements where requirement.state == .missing {
            let wanted = items.first { $0.code == requirement.code }?.document ?? ""
            if !wanted.isEmpty, wanted == document.kind { try requirement.write(["state": "received", "document_id": .int(document.id)]) }
        }
    }

    /// A referral that came back waits for a person, even though all fields are there.
    static func reopen(_ referral: Record<Referral>) throws {
        let superuser = referral.env.asSuperuser("requirements are kept by the machine")
        let code = clarification
        if let known = superuser.record(Referral.self, referral.id).requirements.first(where: { $0.code == code }) {
            return try known.write(["state": "missing", "document_id": .null])
        }
        try superuser.create(
            Requirement.self,
            [
                "referral_id": .int(referral.id), "code": .text(code), "name": "Clarification of what was asked back",
                "rule": "returned at triage", "sequence": 99,
            ])
    }

    private static func isFulfilled(_ item: Item, _ referral: Record<Referral>) throws -> Bool {
        if !item.document.isEmpty { return documents(of: referral).contains { $0.kind == item.document && $0.state != .refused } }
        for path in item.fields where try !value(path, of: referral).isFalsy { return true }
        return false
    }

    /// A referral that was opened again keeps what came with the earlier ones.
    private static func documents(of referral: Record<Referral>) -> [Record<Document>] {
        var found: [Record<Document>] = []
        var current: Record<Referral>? = referral
        for _ in 0...ancestorLimit {
            guard let present = current else { break }
            found += present.documents
            current = present.previous
        }
        return found
    }

    /// Whether a requirement is a field that is still empty: it is met by filling the field in, not by saying so.
    static func isEmptyField(_ requirement: Record<Requirement>) throws -> Bool {
        let env = requirement.env.asSuperuser("requirements are kept by the machine")
        guard let id = requirement.referral?.id else { return false }
        let referral = env.record(Referral.self, id)
        let items = try items(for: referral).items
        guard let item = items.first(where: { $0.code == requirement.code }), item.document.isEmpty else { return false }
        return try !isFulfilled(item, referral)
    }

    private static func value(_ path: String, of referral: Record<Referral>) throws -> Value {
        var current = referral.records
        let names = path.split(separator: ".").map(String.init)
        for name in names.dropLast() { current = try current.related(name) }
        return try current.value(names.last ?? "id")
    }
}
