import JSON
import Kernel

/// The written form: equal calendars give equal bytes.
extension CalendarDefinition {
    /// The calendar as JSON, everything in a fixed order.
    public var json: JSON {
        let lines = lines.sorted { CalendarDefinition.rank($0) < CalendarDefinition.rank($1) }
        let days = specialDays.sorted { $0.key < $1.key }
        let closures = closures.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
        return .object(
            JSONObject([
                .init(key: "zone", value: JSON(zone)),
                .init(key: "always", value: .bool(isAlwaysOpen)),
                .init(key: "lines", value: .array(lines.map(CalendarDefinition.written))),
                .init(
                    key: "special",
                    value: .array(
                        days.map { .array([JSON($0.key.description), .array($0.value.sorted(by: <).map(CalendarDefinition.written))]) })),
                .init(
                    key: "closures",
                    value: .array(closures.map { .array([JSON($0.from.description), JSON($0.to.description)]) })),
            ]))
    }

    /// Reads the written form.
    ///
    /// - Throws: `calendar.*`.
    public init(json: JSON) throws {
        let lines = try (json["lines"]?.arrayValue ?? []).map(CalendarDefinition.line)
        var days: [Day: [Span]] = [:]
        for entry in json["special"]?.arrayValue ?? [] {
            guard let day = entry[0]?.stringValue.flatMap({ Day($0) }) else { throw Refusal.calendarText("special") }
            days[day] = try (entry[1]?.arrayValue ?? []).map(CalendarDefinition.span)
        }
        let closures = try (json["closures"]?.arrayValue ?? []).map { entry in
            guard let from = entry[0]?.stringValue.flatMap({ Instant($0) }), let to = entry[1]?.stringValue.flatMap({ Instant($0) }) else {
                throw Refusal.calendarText("closures")
            }
            return Closure(from, to)
        }
        try self.init(
            zone: json["zone"]?.stringValue ?? "", isAlwaysOpen: json["always"]?.boolValue ?? false, lines: lines, specialDays: days,
            closures: closures)
    }

    private static func rank(_ line: Line) -> [Int] {
        [line.weekday, line.span.from, line.span.to, line.week ?? -1, line.since?.number ?? 0, line.until?.number ?? 0]
            .map { $0 }
    }

    private static func written(_ span: Span) -> JSON { .array([JSON(span.from), JSON(span.to)]) }

    private static func written(_ line: Line) -> JSON {
        var members: [JSONObject.Member] = [
            .init(key: "day", value: JSON(line.weekday)), .init(key: "span", value: written(line.span)),
        ]
        if let week = line.week { members.append(.init(key: "week", value: JSON(week))) }
        if let since = line.since { members.append(.init(key: "since", value: JSON(since.description))) }
        if let until = line.until { members.append(.init(key: "until", value: JSON(until.description))) }
        return .object(JSONObject(members))
    }

    private static func span(_ json: JSON) throws -> Span {
        guard let from = json[0]?.intValue, let to = json[1]?.intValue else { throw Refusal.calendarText("span") }
        return Span(from, to)
    }

    private static func line(_ json: JSON) throws -> Line {
        guard let day = json["day"]?.intValue, let span = json["span"] else { throw Refusal.calendarText("lines") }
        return Line(
            day, try self.span(span), week: json["week"]?.intValue, since: json["since"]?.stringValue.flatMap { Day($0) },
            until: json["until"]?.stringValue.flatMap { Day($0) })
    }
}

extension CalendarDefinition.Span: Comparable {
    public static func < (left: CalendarDefinition.Span, right: CalendarDefinition.Span) -> Bool {
        (left.from, left.to) < (right.from, right.to)
    }
}

extension Array<Int> {
    /// Compared element by element.
    fileprivate static func < (left: [Int], right: [Int]) -> Bool { left.lexicographicallyPrecedes(right) }
}

extension Refusal {
    /// A written calendar that cannot be read.
    static func calendarText(_ part: String) -> Refusal {
        Refusal(
            "calendar.unreadable", .invalid, "The written calendar cannot be read at '\(part)'.",
            instruction: "Give it as it was written.")
    }
}
