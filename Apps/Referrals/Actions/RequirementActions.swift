import Base
import Kernel
import Messaging

/// Asking for, receiving and waiving what is missing.
enum RequirementActions {
    static func receive(_ requirements: Recordset<Requirement>, document: Int?) throws {
        for requirement in requirements {
            if try Completeness.isEmptyField(requirement) {
                throw Refusal(
                    "requirement.enter_it", .validation, "'\(requirement.displayedName)' is not there yet.",
                    instruction: "Fill it in on the referral or the patient.")
            }
            try checkOwner(of: document, for: requirement)
        }
        try own(requirements).write(["state": "received", "document_id": document.map { .int($0) } ?? .null])
        try goOn(requirements)
    }

    static func waive(_ requirements: Recordset<Requirement>, _ arguments: ValueMap) throws {
        let env = requirements.env
        let comment = arguments["comment"]?.textValue ?? ""
        let reason = try Reason.check(arguments["reason_id"] ?? arguments["reason"], for: .waive, comment: comment, in: env)
        try own(requirements).write([
            "state": "waived", "waived_by_id": .int(env.user.id), "waived_on": .instant(env.now), "reason_id": .int(reason.id),
            "comment": .text(comment),
        ])
        for requirement in requirements {
            guard let referral = requirement.referral else { continue }
            try ReferralActions.note(
                referral, "'\(requirement.displayedName)' was waived by \(env.user.name): \(reason.displayedName). \(comment)")
        }
        try goOn(requirements)
    }

    static func miss(_ requirements: Recordset<Requirement>) throws {
        try own(requirements).write([
            "state": "missing", "document_id": .null, "waived_by_id": .null, "waived_on": .null, "reason_id": .null, "comment": .null,
        ])
        try goOn(requirements)
    }

    /// A document of another referral or patient proves nothing here.
    private static func checkOwner(of document: Int?, for requirement: Record<Requirement>) throws {
        guard let document else { return }
        try requirement.env.checkAccess(.read, requirement.env.registry.schema(Document.self), [document])
        guard requirement.env.record(Document.self, document).referral == requirement.referral else {
            throw Refusal(
                "requirement.other_document", .validation, "The document does not belong to this referral.",
                instruction: "Attach it to the referral first, or choose another one.")
        }
    }

    private static func own(_ requirements: Recordset<Requirement>) -> Recordset<Requirement> {
        requirements.env.asSuperuser("requirements are met and waived by actions only").records(Requirement.self, requirements.ids)
    }

    /// Asks the sender for everything that is missing, and waits.
    static func ask(_ referral: Record<Referral>) throws {
        let missing = referral.requirements.filter { $0.state == .missing }
        guard !missing.isEmpty else {
            throw Refusal("referral.nothing_missing", .userError, "Nothing is missing.", instruction: "Look at the requirements.")
        }
        let superuser = ReferralActions.own(referral)
        for requirement in superuser.requirements where requirement.state == .missing { requirement.requestedOn = referral.env.now }
        superuser.isAwaitingSender = true
        let names = missing.map { "<li>\(PlainText.escape($0.displayedName))</li>" }.joined()
        // The mail names what is missing and the referral's number, never the patient or the diagnosis.
        var post = Post(body: "<p>For referral \(referral.number) we still need:</p><ul>\(names)</ul>")
        post.subject = "Referral \(referral.number): please send what is missing"
        let senders = [superuser.referrer, superuser.practice].compactMap { $0 }
        post.recipients = [senders.first { !$0.email.isEmpty } ?? senders.first].compactMap { $0?.id }
        _ = try Chatter.post(on: referral.records, post)
    }

    private static func goOn(_ requirements: Recordset<Requirement>) throws {
        var seen: Set<Int> = []
        for requirement in requirements {
            guard let referral = requirement.referral, seen.insert(referral.id).inserted else { continue }
            try Pathway.advance(referral)
        }
    }
}
