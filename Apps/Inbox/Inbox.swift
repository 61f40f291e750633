import Approvals
import Base
import Exceptions
import Kernel
import Messaging

/// Finds what waits for whoever asks; what is out of their reach does not appear.
enum Inbox {
    /// The most items of one call.
    static let itemLimit = 200
    /// Counts go no further than this.
    static let countLimit = 1_000

    /// The sorts of things that wait.
    enum Kind: String, CaseIterable {
        case approval, activity, exception, message
    }

    /// Items, the oldest deadlines first within a kind: maps of `kind`, `id`, `model`, `res_model`, `res_id`, `name`,
    /// `about` and `deadline`.
    static func items(_ env: Environment, _ arguments: ValueMap) throws -> Value {
        let limit = min(max(arguments["limit"]?.intValue ?? 80, 1), itemLimit)
        let offset = max(arguments["offset"]?.intValue ?? 0, 0)
        if let asked = arguments["kind"], !asked.isFalsy {
            guard let kind = asked.textValue.flatMap(Kind.init) else {
                let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw Refusal.badValue("kind", in: InboxItem.name, expected: "one of \(kinds)")
            }
            return .list(try list(kind, env, limit: limit, offset: offset))
        }
        var rest = limit
        var skip = offset
        var items: [Value] = []
        for kind in Kind.allCases where rest > 0 {
            let found = try list(kind, env, limit: rest + skip, offset: 0)
            items += found.dropFirst(skip)
            skip = max(skip - found.count, 0)
            rest = limit - items.count
        }
        return .list(items)
    }

    /// How many of each kind wait, and in all.
    static func counts(_ env: Environment) throws -> Value {
        var counts = ValueMap()
        var total = 0
        for kind in Kind.allCases {
            guard let query = try query(kind, env) else {
                counts[kind.rawValue] = 0
                continue
            }
            let count = try env.searchCount(query.model, query.domain, limit: countLimit)
            counts[kind.rawValue] = .int(count)
            total += count
        }
        counts["total"] = .int(total)
        return .map(counts)
    }

    /// Messages that one has read wait no more.
    static func markRead(_ env: Environment, _ arguments: ValueMap) throws -> Value {
        let ids = arguments["message_ids"]?.idList ?? []
        guard ids.count <= countLimit else {
            throw Refusal("inbox.limit", .limit, "At most \(countLimit) messages in one call.", instruction: "Send them in parts.")
        }
        try env.checkAccess(.read, env.registry.schema(Message.self), ids)
        let machine = env.asSuperuser("what somebody has read is kept by the machine")
        try machine.records(Message.self, ids).write(["read_user_ids": .list([[4, .int(env.user.id)]])])
        return .bool(true)
    }

    private struct Query {
        let model: ModelSchema
        let domain: Domain
        let order: String
    }

    /// The one search of a kind; nil when the user has no right to any of them.
    private static func query(_ kind: Kind, _ env: Environment) throws -> Query? {
        let own = Value.int(env.user.id)
        switch kind {
        case .approval:
            return Query(
                model: try env.registry.requireModel("approval.request"), domain: try WaitingApprovals.domain(for: env), order: "id")
        case .activity:
            // Activities of approvals are listed as approvals.
            let mine = Domain.where("user_id", .equal, own) & .where("res_model", .notEqual, "approval.request")
            return reachable(env.registry.schema(Activity.self), mine, "date_deadline, id", env)
        case .exception:
            let open = Domain.where("user_id", .equal, own) & .where("state", .in, ["open", "in_progress"])
            return reachable(env.registry.schema(ExceptionCase.self), open, "deadline, id", env)
        case .message:
            guard let partner = env.user.partnerId else { return nil }
            let named = Domain.where("partner_ids", .in, .ids([partner])) | .where("notified_partner_ids", .in, .ids([partner]))
            let unread = named & .not(.where("read_user_ids", .in, .ids([env.user.id])))
            return reachable(env.registry.schema(Message.self), unread, "id desc", env)
        }
    }

    private static func reachable(_ model: ModelSchema, _ domain: Domain, _ order: String, _ env: Environment) -> Query? {
        env.allows(.read, on: model) ? Query(model: model, domain: domain, order: order) : nil
    }

    private static func list(_ kind: Kind, _ env: Environment, limit: Int, offset: Int) throws -> [Value] {
        guard let query = try query(kind, env) else { return [] }
        let found = try env.search(query.model, query.domain, order: query.order, offset: offset, limit: limit)
        return try found.ids.map { .map(try item(kind, found, $0)) }
    }

    private static func item(_ kind: Kind, _ found: Records, _ id: Int) throws -> ValueMap {
        var item: ValueMap = ["kind": .text(kind.rawValue), "id": .int(id), "model": .text(found.model.name)]
        let (model, deadline) =
            switch kind {
            case .message: ("model", "date")
            case .activity: ("res_model", "date_deadline")
            case .exception: ("res_model", "deadline")
            case .approval: ("res_model", "date_confirmed")
            }
        item["res_model"] = try found.value(id, model)
        item["res_id"] = try found.value(id, "res_id")
        item["name"] = try name(kind, found, id)
        item["deadline"] = try found.value(id, deadline)
        item["about"] = try about(kind, found, id)
        return item
    }

    /// The name of the record that an item is about, where its own name does not say it.
    private static func about(_ kind: Kind, _ found: Records, _ id: Int) throws -> Value {
        switch kind {
        case .activity: try found.value(id, "res_name")
        case .message: try found.value(id, "record_name")
        case .approval, .exception: .null
        }
    }

    private static func name(_ kind: Kind, _ found: Records, _ id: Int) throws -> Value {
        guard kind == .message || kind == .activity else { return try found.value(id, "display_name") }
        let name = try found.value(id, kind == .message ? "preview" : "summary")
        return name.isFalsy ? try found.value(id, kind == .message ? "record_name" : "res_name") : name
    }
}
