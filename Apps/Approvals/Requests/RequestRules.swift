import Base
import Kernel
import Messaging

/// What holds for requests whichever way they came.
enum RequestRules {
    /// What only actions and the machine may set.
    private static let ownFields: Set<String> = [
        "request_status", "date_confirmed", "policy_id", "policy_version", "policy_version_id", "chain_sources", "res_model", "res_id",
        "action", "action_title", "arguments",
        "seen_hash", "seen_version", "round", "minimum", "question", "question_user_id", "executed_on", "approver_ids", "decision_ids",
        "reader_ids",
    ]
    /// What may be written whatever the state: chatter and the like belong to mix-ins.
    private static func isOwn(_ name: String) -> Bool { ownFields.contains(name) }

    static func complete(_ values: inout ValueMap, _ env: Environment) throws {
        if env.isSuperuser { return try number(&values, env) }
        for name in ownFields { values[name] = nil }
        let owner = values["request_owner_id"]?.intValue ?? env.user.id
        guard owner == env.user.id else {
            throw Refusal(
                "approval.foreign_owner", .accessDenied, "Nobody asks for approval in somebody else's name.",
                instruction: "Leave request_owner_id out.")
        }
        guard values["category_id"]?.intValue != nil else { throw Refusal.missingRequired(["category_id"], in: Request.name) }
        values["reader_ids"] = .list([[6, 0, .ids([owner])]])
        try number(&values, env)
    }

    /// The request's name: a number where its category draws one, else the category's name.
    private static func number(_ values: inout ValueMap, _ env: Environment) throws {
        guard let id = values["category_id"]?.intValue else { return }
        let category = env.asSuperuser("a category says how its requests are called").record(Category.self, id)
        if category.isNumbered {
            let drawn = try env.unit.transaction.nextNumber("approval.category.\(id)", step: 1)
            let digits = String(String(100_000 + drawn).suffix(5))
            values["name"] = .text((category.code.isEmpty ? category.displayedName : category.code) + "/" + digits)
        } else if values["name"]?.isFalsy ?? true {
            values["name"] = .text(category.displayedName)
        }
    }

    static func checkWrite(_ requests: Recordset<Request>, _ values: ValueMap) throws {
        if requests.env.isSuperuser { return }
        if let name = values.names.first(where: isOwn) {
            throw Refusal(
                "approval.by_action_only", .validation, "'\(name)' of a request is changed by its actions, not by writing it.",
                instruction: "Ask for the request's actions and call one.")
        }
        let free: Set<String> = ["message_follower_ids", "message_ids", "activity_ids"]
        if values.names.allSatisfy(free.contains) { return }
        for request in requests { try requireOpen(request) }
    }

    static func checkLines(_ lines: Recordset<RequestLine>) throws {
        if lines.env.isSuperuser { return }
        let requests = Set(lines.compactMap { $0.request?.id })
        try lines.env.checkAccess(.write, lines.env.registry.schema(Request.self), requests.sorted())
        for request in lines.env.records(Request.self, requests.sorted()) { try requireOpen(request) }
    }

    static func checkDelete(_ requests: Recordset<Request>) throws {
        if requests.env.isSuperuser { return }
        for request in requests { try requireOpen(request) }
    }

    /// What was submitted stays as it is: whoever decides must see what was asked for.
    private static func requireOpen(_ request: Record<Request>) throws {
        guard request.status == .new, request.owner?.id == request.env.user.id else {
            throw Refusal(
                "approval.submitted", .conflict, "A request is changed by its owner, before it is submitted.",
                instruction: "Recall it with action_cancel, then action_draft.")
        }
    }
}

/// What is said about requests, and to whom.
enum Notices {
    static let activityType = "approvals.mail_activity_data_approval"

    /// A line in the chatter of a request, and of the record that it is about.
    static func say(_ request: Record<Request>, _ text: String) throws {
        let env = request.env.asSuperuser("the course of a request is written down by the machine")
        try post(text, on: env.record(Request.self, request.id).records)
        guard let model = env.registry.model(request.recordModel), model.hasChatter else { return }
        try post(text, on: Records(model, [request.record], env))
    }

    private static func post(_ text: String, on record: Records) throws {
        _ = try Chatter.post(
            on: record, Post(body: "<p>\(PlainText.escape(text))</p>", kind: .notification, subtype: "mail.mt_note"))
    }

    /// Plans what a person has to do for a request, once.
    static func ask(_ user: Int, _ request: Record<Request>, cause: String, _ summary: String) throws {
        let asked = Domain.where("user_id", .equal, .int(user)) & .where("cause", .equal, .text(cause))
        let env = request.env.asSuperuser("activities are planned by the machine")
        let here = Domain.where("res_model", .equal, .text(Request.name)) & .where("res_id", .equal, .int(request.id))
        if try env.count(Activity.self, asked & here) > 0 { return }
        _ = try ActivityActions.plan(
            activityType, on: env.record(Request.self, request.id).records, summary: summary, user: user, cause: cause)
    }

    static func done(_ request: Record<Request>, cause: String) throws {
        try ActivityActions.close(cause: cause, on: request.records)
    }
}
