import Kernel

extension Grouping {
    /// A group's value in the new form: `[id, name]`, `["2026-11-01", "November 2026"]`, a plain value, or `False`.
    func shown(_ row: [Value], _ index: Int) -> Value {
        let column = columns[index]
        let value = row[index]
        if case .int(let id) = value, let name = column.names[id] { return [.int(id), .text(name)] }
        guard let part = column.key.part, let start = start(value, part, column) else { return value.orFalse }
        return [start, .text(Period.label(value, part))]
    }

    /// A group's value in the old form, where periods are only named.
    func label(_ row: [Value], _ index: Int) -> Value {
        guard let part = columns[index].key.part, Period.isPeriod(part), !row[index].isNull else { return shown(row, index) }
        return .text(Period.label(row[index], part))
    }

    /// The conditions that a group's records meet.
    func conditions(_ row: [Value], _ index: Int) -> [Value] {
        let column = columns[index]
        let name = column.key.field.name
        let value = row[index]
        if value.isNull { return [[.text(name), "=", false]] }
        guard let part = column.key.part else { return [[.text(name), "=", value]] }
        guard let start = start(value, part, column), let end = end(value, part, column) else {
            return [[.text(name + "." + part.rawValue), "=", value]]
        }
        return ["&", [.text(name), ">=", start], [.text(name), "<", end]]
    }

    /// The conditions of all groups of a row.
    func conditions(_ row: [Value]) -> Value {
        let parts = columns.indices.map { conditions(row, $0) }
        return .list(Array(repeating: "&", count: max(0, parts.count - 1)) + parts.joined())
    }

    /// From when to when a period lasts: `{"from", "to"}`; nil for anything else.
    func range(_ row: [Value], _ index: Int) -> Value? {
        let column = columns[index]
        guard let part = column.key.part, Period.isPeriod(part) else { return nil }
        guard let start = start(row[index], part, column), let end = end(row[index], part, column) else { return .bool(false) }
        return ["from": start, "to": end]
    }

    private func start(_ value: Value, _ part: DatePart, _ column: Column) -> Value? { moment(value, column) }

    private func end(_ value: Value, _ part: DatePart, _ column: Column) -> Value? {
        switch value {
        case .day(let day): Period.next(day, part).map { moment(.day($0), column) } ?? nil
        case .instant(let instant): moment(.instant(instant + Period.hourSeconds), column)
        default: nil
        }
    }

    /// A wall-clock day or moment of the caller's zone as the field holds it: a date, or a moment in UTC.
    private func moment(_ value: Value, _ column: Column) -> Value? {
        let isDate = column.key.field.kind == .date
        switch value {
        case .day(let day): return isDate ? value : .instant(Instant(day) - zoneSeconds)
        case .instant(let instant): return isDate ? .day(instant.day) : .instant(instant - zoneSeconds)
        default: return nil
        }
    }
}

/// Periods and their names.
enum Period {
    static let hourSeconds = 3_600

    static func isPeriod(_ part: DatePart) -> Bool {
        switch part {
        case .hour, .day, .week, .month, .quarter, .year: true
        default: false
        }
    }

    /// The first day after a period that begins on a day; nil for what is no period of days.
    static func next(_ day: Day, _ part: DatePart) -> Day? {
        switch part {
        case .day: day + 1
        case .week: day + 7
        case .month: day.adding(months: 1)
        case .quarter: day.adding(months: 3)
        case .year: day.adding(months: 12)
        default: nil
        }
    }

    /// What people call a period.
    static func label(_ value: Value, _ part: DatePart) -> String {
        switch (value, part) {
        case (.day(let day), .day): return date(day)
        case (.day(let day), .week):
            let (year, week) = day.isoWeek
            return "W\(week) \(year)"
        case (.day(let day), .month): return "\(months[day.parts.month - 1]) \(day.parts.year)"
        case (.day(let day), .quarter): return "Q\((day.parts.month + 2) / 3) \(day.parts.year)"
        case (.day(let day), .year): return String(day.parts.year)
        case (.instant(let instant), _):
            let hour = instant.secondOfDay / hourSeconds
            return (hour < 10 ? "0" : "") + "\(hour):00 " + date(instant.day)
        default: return ""
        }
    }

    private static func date(_ day: Day) -> String {
        let (year, month, number) = day.parts
        return (number < 10 ? "0" : "") + "\(number) \(months[month - 1].prefix(3)) \(year)"
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
}
