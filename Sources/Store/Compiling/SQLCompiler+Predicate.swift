import Kernel

extension SQLCompiler {
    /// Adds a predicate over the rows of `alias` as a condition.
    ///
    /// The condition may be unknown where the predicate is false: `AND`, `OR` and `WHERE` take that for false, and `NOT` is written as
    /// `IS NOT TRUE`, so that the whole stays two-valued.
    mutating func condition(_ predicate: Predicate, of model: ModelSchema, _ alias: String) throws {
        switch predicate {
        case .all: text += dialect.literal(true)
        case .none: text += dialect.literal(false)
        case .and(let parts): try join(parts, " AND ", empty: true, of: model, alias)
        case .or(let parts): try join(parts, " OR ", empty: false, of: model, alias)
        case .not(.unset(let field)): set(field, alias)
        case .not(let inside):
            text += "("
            try condition(inside, of: model, alias)
            text += ") IS NOT TRUE"
        case .compare(let field, let comparison, let value): compare(field, comparison, value, alias)
        case .unset(let field): unset(field, alias)
        case .contained(let field, let values):
            // What counts as not set is in no list.
            member(condition(field, alias), values.filter { $0 != .bool(false) && $0 != .text("") && $0 != .null }, field.form)
        case .like(let field, let pattern, let ignoringCase):
            arguments.append(.text(pattern))
            text += dialect.like(column(field, alias), dialect.placeholder(arguments.count), ignoringCase: ignoringCase)
        case .part(_, .hour, _, _, _), .part(_, .day, _, _, _), .part(_, .week, _, _, _), .part(_, .month, _, _, _),
            .part(_, .quarter, _, _, _),
            .part(_, .year, _, _, _):
            text += dialect.literal(false)
        case .part(let field, let part, let comparison, let number, let zoneMinutes):
            text += dialect.part(part, of: column(field, alias), isMoment: field.form == .instant, zoneMinutes: zoneMinutes)
            text += " " + comparison.rawValue + " "
            bind(.int(number))
        case .linked(let field, let inside): try linked(field, inside, of: model, alias)
        case .owned(let field, let modelField, let owner, let inside):
            try owned(field, modelField, owner, inside, alias)
        case .inTree(let field, let ids, let direction, let parent):
            try inTree(field, ids, direction, parent, of: model, alias)
        }
    }

    private mutating func join(_ parts: [Predicate], _ word: String, empty: Bool, of model: ModelSchema, _ alias: String) throws {
        guard !parts.isEmpty else { return text += dialect.literal(empty) }
        text += "("
        for (index, part) in parts.enumerated() {
            if index > 0 { text += word }
            try condition(part, of: model, alias)
        }
        text += ")"
    }

    private mutating func compare(_ field: Field, _ comparison: Predicate.Comparison, _ value: Value, _ alias: String) {
        let name = condition(field, alias)
        if field.form == .boolean, comparison == .equal, value == .bool(true) { return text += name + " = " + dialect.literal(true) }
        // The empty text counts as not set, so that it must not come out below or beside a text that is.
        let isText = field.kind.isText && [.less, .lessOrEqual, .notEqual].contains(comparison)
        let guarded = isText || field.form == .boolean
        text += guarded ? "(" + name : name
        text += " " + comparison.rawValue + " "
        bind(value)
        if guarded { text += " AND " + name + (isText ? " <> '')" : " = " + dialect.literal(true) + ")") }
    }

    private mutating func unset(_ field: Field, _ alias: String) {
        let name = condition(field, alias)
        if field.kind.isText {
            text += "(" + name + " IS NULL OR " + name + " = '')"
        } else if field.form == .boolean {
            text += name + " IS NOT TRUE"
        } else {
            text += name + " IS NULL"
        }
    }

    private mutating func set(_ field: Field, _ alias: String) {
        let name = condition(field, alias)
        if field.kind.isText {
            text += name + " <> ''"
        } else if field.form == .boolean {
            text += name + " = " + dialect.literal(true)
        } else {
            text += name + " IS NOT NULL"
        }
    }
}
