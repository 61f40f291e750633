import Base
import Kernel

/// Writes into the chatter what happens to records: that they were made, and what changed in tracked fields.
struct TrackingObserver: RecordObserver {
    func events(of model: ModelSchema) -> RecordEvents { model.hasChatter ? [.created, .written, .deleting] : [] }

    func created(_ records: Records, values: [ValueMap]) throws {
        // What the machine itself sets up needs no note of who made it.
        guard records.model.hasChatter, records.env.user.id != UserContext.system.id else { return }
        let env = records.env.asSuperuser("the chatter is kept by the machine")
        if env.context["tracking_disable"] != .bool(true), env.context["mail_create_nolog"] != .bool(true) {
            let subtype = try Subtypes.id("mail.mt_note", env)
            try env.create(
                Message.self,
                records.ids.map { id in
                    [
                        "model": .text(records.model.name), "res_id": .int(id), "body": .text("<p>\(records.model.title) created</p>"),
                        "message_type": "notification", "subtype_id": .int(subtype), "is_internal": true,
                        "author_id": env.user.partnerId.map { .int($0) } ?? .null,
                    ]
                })
        }
        guard env.context["mail_create_nosubscribe"] != .bool(true) else { return }
        try followNew(records, env)
    }

    /// The author follows what they made, and the person in charge what is theirs.
    private func followNew(_ records: Records, _ env: Environment) throws {
        let responsible = records.model.field("user_id").flatMap { $0.kind.comodel == "res.users" ? $0 : nil }
        var rows: [ValueMap] = []
        for id in records.ids {
            var partners: Set<Int> = []
            if let own = env.user.partnerId { partners.insert(own) }
            if let responsible, let user = try records.with(env).value(id, responsible).intValue,
                let partner = env.record(User.self, user).partner
            {
                partners.insert(partner.id)
            }
            for partner in partners.sorted() {
                rows.append(["res_model": .text(records.model.name), "res_id": .int(id), "partner_id": .int(partner)])
            }
        }
        if !rows.isEmpty { try env.create(Follower.self, rows) }
    }

    func watched(in model: ModelSchema) -> [Field] {
        guard model.hasChatter else { return [] }
        // Whoever reads the record reads its chatter: what is masked stays out of it, and in the audit trail only.
        return model.fields.filter { $0.groups.isEmpty && $0.traits.tracked || ($0.name == "user_id" && $0.kind.comodel == "res.users") }
    }

    func written(_ records: Records, changes: [RecordChange]) throws {
        let env = records.env.asSuperuser("the chatter is kept by the machine")
        if env.context["tracking_disable"] == .bool(true) || env.context["mail_notrack"] == .bool(true) { return }
        if env.user.id == UserContext.system.id { return }
        let byRecord = Dictionary(grouping: changes, by: \.id)
        for (id, list) in byRecord.sorted(by: { $0.key < $1.key }) {
            try followResponsible(list, id, records, env)
            let tracked = list.filter(\.field.traits.tracked)
            if tracked.isEmpty { continue }
            let lines = try tracked.map { Value.list([0, 0, .map(try trackingValues($0, records.model, env))]) }
            try env.create(
                Message.self,
                [
                    "model": .text(records.model.name), "res_id": .int(id), "message_type": "notification", "is_internal": true,
                    "subtype_id": .int(try Subtypes.id("mail.mt_note", env)),
                    "author_id": env.user.partnerId.map { .int($0) } ?? .null, "tracking_value_ids": .list(lines),
                ])
        }
    }

    private func followResponsible(_ changes: [RecordChange], _ id: Int, _ records: Records, _ env: Environment) throws {
        for change in changes where change.field.name == "user_id" {
            guard let user = change.new.intValue, let partner = env.record(User.self, user).partner else { continue }
            try Chatter.subscribe(records.only(id), partners: [partner.id])
        }
    }

    private func trackingValues(_ change: RecordChange, _ model: ModelSchema, _ env: Environment) throws -> ValueMap {
        var values: ValueMap = ["field_name": .text(change.field.name), "field_desc": .text(change.field.traits.title)]
        switch change.field.kind {
        case .integer, .boolean:
            values["old_value_integer"] = .int(change.old.intValue ?? 0)
            values["new_value_integer"] = .int(change.new.intValue ?? 0)
        case .float, .monetary:
            values["old_value_float"] = .double(Double(fieldValue: change.old))
            values["new_value_float"] = .double(Double(fieldValue: change.new))
        case .date, .datetime:
            values["old_value_datetime"] = Instant?(fieldValue: change.old).map { .instant($0) } ?? .null
            values["new_value_datetime"] = Instant?(fieldValue: change.new).map { .instant($0) } ?? .null
        default: break
        }
        values["old_value_char"] = .text(try shown(change.old, change.field, env))
        values["new_value_char"] = .text(try shown(change.new, change.field, env))
        return values
    }

    private func shown(_ value: Value, _ field: Field, _ env: Environment) throws -> String {
        switch (field.kind, value) {
        case (_, .null): ""
        case (.selection(let items), .text(let text)): items.first { $0.value == text }?.title ?? text
        case (.many2one(let comodel, _), .int(let id)): try env.linkName(try env.registry.requireModel(comodel), id)
        case (.many2many(let comodel, _), .ids(let ids)):
            try ids.map { try env.linkName(try env.registry.requireModel(comodel), $0) }.joined(separator: ", ")
        case (_, .text(let text)): text
        case (_, .bool(let bool)): bool ? "Yes" : "No"
        case (_, .int(let int)): String(int)
        case (_, .double(let double)): String(double)
        case (_, .amount(let amount)): amount.description
        case (_, .day(let day)): day.description
        case (_, .instant(let instant)): instant.description
        default: ""
        }
    }

    func deleting(_ records: Records) throws {
        guard records.model.hasChatter else { return }
        let env = records.env.asSuperuser("the chatter goes with its record")
        let everything = try env.with(context: ["active_test": false])
        let byRecord: (String) -> Domain = { .where($0, .equal, .text(records.model.name)) & .where("res_id", .in, .ids(records.ids)) }
        try everything.search(Message.self, byRecord("model")).unlink()
        try everything.search(Follower.self, byRecord("res_model")).unlink()
        try everything.search(Activity.self, byRecord("res_model")).unlink()
    }
}
