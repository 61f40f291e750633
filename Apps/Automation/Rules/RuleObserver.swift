import Base
import Kernel
import Messaging

/// Sets rules off: before and after writes, on creation, on stored values computed again, before deletion, on messages and on edits in forms.
struct RuleObserver: RecordObserver {
    func events(of model: ModelSchema) -> RecordEvents {
        if model.name == "mail.message" { return [.created] }
        // What is released, retired or takes effect changes what runs.
        if model.name == "governance.version" { return [.created, .writing, .deleting] }
        return RuleChecks.closedModels.contains(model.name) ? [] : [.created, .writing, .recomputed, .deleting, .edited]
    }

    func created(_ records: Records, values: [ValueMap]) throws {
        if records.model.name == "mail.message" { return try MessageTriggers.created(records) }
        if records.model.name == "governance.version" { return try RuleBook.changed(records.env) }
        guard let rules = try RuleBook.rules(of: records.model, records.env.unit), !rules.creating.isEmpty else { return }
        for rule in rules.creating { try RuleRun(rule, records).run(records.ids) }
    }

    func writing(_ records: Records, fields: [Field]) throws -> (any WriteFollower)? {
        if records.model.name == "governance.version" { return VersionFollower(env: records.env) }
        guard let rules = try RuleBook.rules(of: records.model, records.env.unit), !rules.writing.isEmpty else { return nil }
        return try RuleFollower(rules.writing, records, fields)
    }

    func follows(_ field: Field, in model: ModelSchema, _ unit: UnitOfWork) -> Bool {
        guard let rules = try? RuleBook.rules(of: model, unit), !rules.writing.isEmpty else { return false }
        return rules.writing.contains { $0.mayFollow([field]) }
    }

    func recomputed(_ records: Records, changes: [RecordChange]) throws {
        guard let rules = try RuleBook.rules(of: records.model, records.env.unit) else { return }
        var before: [Int: [Int: Value]] = [:]
        for change in changes { before[change.id, default: [:]][change.field.slot] = change.old }
        let fields = Set(changes.map(\.field.slot)).map { records.model.fields[$0] }
        for rule in rules.writing where rule.mayFollow(fields) {
            var ids = records.ids
            if let condition = rule.before { ids = try condition.filter(ids, records, before: before) }
            var run = RuleRun(rule, records, before: before)
            run.isRecomputed = true
            try run.run(ids)
        }
    }

    func deleting(_ records: Records) throws {
        if records.model.name == "governance.version" { return try RuleBook.changed(records.env) }
        guard let rules = try RuleBook.rules(of: records.model, records.env.unit) else { return }
        for rule in rules.deleting { try RuleRun(rule, records).run(records.ids) }
    }

    func edited(_ draft: Records, fields: [String]) throws -> String? {
        guard let rules = try RuleBook.rules(of: draft.model, draft.env.unit, draft: true), !rules.editing.isEmpty else { return nil }
        var warnings: [String] = []
        for rule in rules.editing where !rule.edited.isDisjoint(with: fields) {
            let answer = try RuleRun(rule, draft).run(draft.ids)
            if let values = answer.mapValue?["value"]?.mapValue, !values.isEmpty { try draft.write(values) }
            if let warning = answer.mapValue?["warning"]?.mapValue?["message"]?.textValue { warnings.append(warning) }
        }
        return warnings.isEmpty ? nil : warnings.joined(separator: "\n")
    }
}

/// A write that rules watch: conditions before it and old values, kept until it stands.
private struct RuleFollower: WriteFollower {
    let records: Records
    let candidates: [(rule: CompiledRule, ids: [Int])]
    let before: [Int: [Int: Value]]

    init?(_ rules: [CompiledRule], _ records: Records, _ fields: [Field]) throws {
        self.records = records
        var candidates: [(CompiledRule, [Int])] = []
        for rule in rules where rule.mayFollow(fields) {
            let ids = try rule.before?.filter(records.ids, records) ?? records.ids
            if !ids.isEmpty { candidates.append((rule, ids)) }
        }
        if candidates.isEmpty { return nil }
        self.candidates = candidates
        before = try RuleFollower.values(records, fields)
    }

    private static func values(_ records: Records, _ fields: [Field]) throws -> [Int: [Int: Value]] {
        let superuser = records.with(records.env.asSuperuser("rules see old values whoever writes"))
        let kept = fields.filter { $0.kind != .binary && ($0.isKept || $0.kind.isToMany && $0.traits.stored) }
        var before: [Int: [Int: Value]] = [:]
        for id in records.ids { for field in kept { before[id, default: [:]][field.slot] = try superuser.value(id, field) } }
        return before
    }

    func written() throws {
        for (rule, ids) in candidates { try RuleRun(rule, records, before: before).run(ids) }
    }
}

/// A change of a version, after which rules are read anew.
private struct VersionFollower: WriteFollower {
    let env: Environment
    func written() throws { try RuleBook.changed(env) }
}

/// Rules that messages set off.
enum MessageTriggers {
    static func created(_ messages: Records) throws {
        let env = messages.env
        for message in env.asSuperuser("a rule hears of every message").records(Message.self, messages.ids) {
            guard let model = env.registry.model(message.recordModel), message.record > 0,
                let rules = try RuleBook.rules(of: model, env.unit), !(rules.receiving.isEmpty && rules.sending.isEmpty),
                isHeard(message, env)
            else { continue }
            let isReceived = message.author.map(isCustomer) ?? true
            for rule in isReceived ? rules.receiving : rules.sending {
                let records = Records(model, [message.record], env)
                try RuleRun(rule, records).run(records.ids)
            }
        }
    }

    /// Internal notes, the machine's notifications, and what a rule itself posts are not heard.
    private static func isHeard(_ message: Record<Message>, _ env: Environment) -> Bool {
        if env.cause?.name.hasPrefix("rule:") ?? false { return false }
        if message.isInternal || message.subtype?.isInternal ?? false { return false }
        switch message.kind {
        case .notification, .autoComment, .userNotification: return false
        default: return true
        }
    }

    /// Whether the author is none of ours: nobody signs in as them, or only through the portal.
    private static func isCustomer(_ author: Record<Partner>) -> Bool {
        let found = try? author.env.search(User.self, .where("partner_id", .equal, .int(author.id)))
        guard let users = found, !users.isEmpty else { return true }
        guard let staff = try? Reference.find("base.group_user", author.env), let memberships = try? Memberships(author.env) else {
            return true
        }
        return !users.contains { memberships.groups(of: $0.id).contains(staff) }
    }
}
