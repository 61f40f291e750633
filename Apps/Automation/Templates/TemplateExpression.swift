import Kernel

/// An expression in a template: paths from the record, literals, comparisons, `or`, `and`, `not`, `… if … else …`, and a few formats.
///
/// There is no way to call, change or search anything: what it shows are fields that the reader may read.
indirect enum TemplateExpression: Sendable {
    case literal(Value)
    /// `object.partner_id.name`, `user.name`, `ctx.key`.
    case path(String, [String])
    case either(TemplateExpression, TemplateExpression)
    case both(TemplateExpression, TemplateExpression)
    case not(TemplateExpression)
    case compare(TemplateExpression, String, TemplateExpression)
    case sum(TemplateExpression, TemplateExpression)
    case choice(then: TemplateExpression, test: TemplateExpression, otherwise: TemplateExpression)
    case format(String, [TemplateExpression])

    /// The value for a record.
    func value(_ scope: TemplateScope) throws -> Value {
        switch self {
        case .literal(let value): return value
        case .path(let root, let names): return try scope.value(root, names)
        case .either(let left, let right):
            let value = try left.value(scope)
            return value.isFalsy ? try right.value(scope) : value
        case .both(let left, let right):
            let value = try left.value(scope)
            return value.isFalsy ? value : try right.value(scope)
        case .not(let inside): return .bool(try inside.value(scope).isFalsy)
        case .compare(let left, let sign, let right): return .bool(try compare(left.value(scope), sign, right.value(scope)))
        case .sum(let left, let right): return .text(try scope.text(left.value(scope)) + scope.text(right.value(scope)))
        case .choice(let then, let test, let otherwise):
            return try test.value(scope).isFalsy ? otherwise.value(scope) : then.value(scope)
        case .format(let name, let parts): return try scope.format(name, parts.map { try $0.value(scope) })
        }
    }

    private func compare(_ left: Value, _ sign: String, _ right: Value) throws -> Bool {
        switch sign {
        case "==":
            return left == right || left.isFalsy && right.isFalsy
                || TemplateScope.number(left) == TemplateScope.number(right) && TemplateScope.number(left) != nil
        case "!=": return try !compare(left, "==", right)
        default: break
        }
        if let first = TemplateScope.number(left), let second = TemplateScope.number(right) { return ordered(first, sign, second) }
        return ordered(TemplateScope.plain(left), sign, TemplateScope.plain(right))
    }

    private func ordered<Content: Comparable>(_ left: Content, _ sign: String, _ right: Content) -> Bool {
        switch sign {
        case "<": left < right
        case "<=": left <= right
        case ">": left > right
        default: left >= right
        }
    }

    /// The paths in it, with their roots.
    var paths: [(root: String, names: [String])] {
        switch self {
        case .literal: []
        case .path(let root, let names): [(root, names)]
        case .either(let left, let right), .both(let left, let right), .sum(let left, let right), .compare(let left, _, let right):
            left.paths + right.paths
        case .not(let inside): inside.paths
        case .choice(let then, let test, let otherwise): then.paths + test.paths + otherwise.paths
        case .format(_, let parts): parts.flatMap(\.paths)
        }
    }
}

/// Where a template's names lead.
struct TemplateScope {
    /// The record that the template is filled from.
    let record: Records
    private var env: Environment { record.env }

    func value(_ root: String, _ names: [String]) throws -> Value {
        switch root {
        case "object": return try follow(names, from: record)
        case "user":
            let superuser = env.asSuperuser("one's own name is no secret")
            let user = try superuser.records("res.users", [env.user.id])
            return try follow(names, from: names.allSatisfy { TemplateScope.ownFields.contains($0) } ? user : user.with(env))
        case "ctx": return names.count == 1 ? env.context[names[0]] ?? .null : .null
        default: throw Refusal.template("knows no '\(root)'", at: 0)
        }
    }

    /// What a person may show of oneself without the right to read users.
    private static let ownFields: Set<String> = ["id", "name", "login", "email", "display_name", "partner_id", "lang", "tz", "signature"]

    private func follow(_ names: [String], from start: Records) throws -> Value {
        guard let last = names.last else { return .text(try start.value("display_name").textValue ?? "") }
        var current = start
        for name in names.dropLast() { current = try current.related(name) }
        guard let id = current.ids.first else { return .null }
        let field = try current.model.requireField(last)
        let value = try current.value(id, field)
        guard let comodel = field.kind.comodel, let ids = value.idList else {
            if case .selection(let items) = field.kind, let text = value.textValue {
                return .text(items.first { $0.value == text }?.value ?? text)
            }
            return value
        }
        let model = try env.registry.requireModel(comodel)
        return .text(try ids.map { try env.linkName(model, $0) }.joined(separator: ", "))
    }

    /// How a value reads.
    func text(_ value: Value) -> String {
        if case .instant(let instant) = value { return local(instant).description }
        return TemplateScope.plain(value)
    }

    private func local(_ instant: Instant) -> Instant { instant + env.unit.zoneOffset(env.user.timeZone, at: instant) }

    static func plain(_ value: Value) -> String {
        switch value {
        case .text(let text): text
        case .int(let int): String(int)
        case .double(let double): double == double.rounded() && abs(double) < 1e15 ? String(Int(double)) : String(double)
        case .amount(let amount): amount.description
        case .day(let day): day.description
        case .instant(let instant): instant.description
        case .bool(let bool): bool ? "True" : ""
        case .ids(let ids): ids.map(String.init).joined(separator: ",")
        default: ""
        }
    }

    static func number(_ value: Value) -> Double? {
        switch value {
        case .int(let int): Double(int)
        case .double(let double): double
        case .amount(let amount): amount.double
        default: nil
        }
    }

    func format(_ name: String, _ parts: [Value]) throws -> Value {
        guard let first = parts.first else { return .text("") }
        switch (name, first) {
        case ("format_date", .instant(let instant)): return .text(local(instant).day.description)
        case ("format_amount", _):
            return .text((TemplateScope.number(first).map { Self.money($0) } ?? "") + (parts.count > 1 ? " " + text(parts[1]) : ""))
        case ("len", .ids(let ids)): return .int(ids.count)
        case ("len", _): return .int(text(first).count)
        default: return .text(text(first))
        }
    }

    private static func money(_ number: Double) -> String {
        let cents = Int((number * 100).rounded())
        let rest = abs(cents % 100)
        return "\(cents < 0 ? "-" : "")\(abs(cents / 100)).\(rest < 10 ? "0" : "")\(rest)"
    }
}
