extension DomainResolver {
    /// A day or a moment that a condition names.
    private enum Named { case day(Day), moment(Instant) }

    private var zone: String {
        if let zone = env.context["tz"]?.textValue, !zone.isEmpty { return zone }
        return env.user.timeZone
    }

    private func offset(at moment: Instant) -> Int { env.unit.zoneOffset(zone, at: moment) }

    /// The moment at which the wall clock where the user is shows this.
    private func utc(local: Instant) -> Instant {
        let guess = local - offset(at: local)
        return local - offset(at: guess)
    }

    private func read(_ value: Value, _ condition: FieldCondition) throws -> Named {
        switch value {
        case .day(let day): return .day(day)
        case .instant(let instant): return .moment(instant)
        case .text(let text):
            if text.utf8.count == 10, let day = Day(text) { return .day(day) }
            if let instant = Instant(text) { return .moment(instant) }
            let language = env.context["lang"]?.textValue ?? env.user.language
            let local = env.now + offset(at: env.now)
            switch RelativeDate.parse(text, localNow: local, weekStart: RelativeDate.weekStart(language: language)) {
            case .day(let day)?: return .day(day)
            case .local(let moment)?: return .moment(utc(local: moment))
            case nil: break
            }
        default: break
        }
        throw condition.invalidValue("a date as YYYY-MM-DD, a moment as YYYY-MM-DD HH:MM:SS, or one such as 'today -7d'")
    }

    private func readDay(_ value: Value, _ condition: FieldCondition) throws -> Day {
        switch try read(value, condition) {
        case .day(let day): return day
        case .moment(let instant):
            // A moment that was written out keeps its own day; one that was reckoned from now is the user's.
            if case .text(let text) = value, Instant(text) == nil { return (instant + offset(at: instant)).day }
            return instant.day
        }
    }

    /// A date against days.
    func day(_ field: Field, _ comparison: DomainOperator, _ value: Value, _ condition: FieldCondition) throws -> Resolved {
        if let values = members(comparison, value) {
            let days = try values.filter { !$0.isUnsetMarker }.map { Value.day(try readDay($0, condition)) }
            return withUnset(.oneOf(field, DomainResolver.unique(days)), field, values)
        }
        guard let ordering = comparison.ordering else { throw condition.invalidOperator }
        if value.isUnsetMarker { return .none }
        return Resolved(predicate: .compare(field, ordering, .day(try readDay(value, condition))), matchesUnset: false)
    }

    /// A datetime against moments, and against days as they are where the user is.
    func moment(_ field: Field, _ comparison: DomainOperator, _ value: Value, _ condition: FieldCondition) throws -> Resolved {
        if let values = members(comparison, value) {
            var moments: [Value] = []
            var days: [Predicate] = []
            for value in values where !value.isUnsetMarker {
                switch try read(value, condition) {
                case .moment(let moment): moments.append(.instant(moment))
                case .day(let day):
                    let (start, end) = bounds(day)
                    days.append(.and([.compare(field, .greaterOrEqual, .instant(start)), .compare(field, .less, .instant(end))]))
                }
            }
            return withUnset(.either([.oneOf(field, DomainResolver.unique(moments))] + days), field, values)
        }
        guard let ordering = comparison.ordering else { throw condition.invalidOperator }
        if value.isUnsetMarker { return .none }
        switch try read(value, condition) {
        case .moment(let moment): return Resolved(predicate: .compare(field, ordering, .instant(moment)), matchesUnset: false)
        case .day(let day):
            let (start, end) = bounds(day)
            let predicate: Predicate =
                switch ordering {
                case .less: .compare(field, .less, .instant(start))
                case .lessOrEqual: .compare(field, .less, .instant(end))
                case .greater: .compare(field, .greaterOrEqual, .instant(end))
                default: .compare(field, .greaterOrEqual, .instant(start))
                }
            return Resolved(predicate: predicate, matchesUnset: false)
        }
    }

    private func bounds(_ day: Day) -> (start: Instant, end: Instant) { (utc(local: Instant(day)), utc(local: Instant(day + 1))) }

    private func withUnset(_ predicate: Predicate, _ field: Field, _ values: [Value]) -> Resolved {
        let wantsUnset = values.contains(where: \.isUnsetMarker)
        return Resolved(predicate: wantsUnset ? .either([predicate, .unset(field)]) : predicate, matchesUnset: wantsUnset)
    }

    /// A numbered part of a date, such as `create_date.month_number`.
    func datePart(
        _ field: Field, _ part: DatePart, _ comparison: DomainOperator, _ value: Value, _ condition: FieldCondition
    ) throws -> Resolved {
        func number(_ value: Value) throws -> Int {
            if case .text(let text) = value, let int = Int(text) { return int }
            guard let int = value.intValue else { throw condition.invalidValue("a whole number") }
            return int
        }
        let minutes = field.kind == .datetime ? offset(at: env.now) / 60 : 0
        func test(_ ordering: Predicate.Comparison, _ value: Value) throws -> Predicate {
            .part(field, part, ordering, try number(value), zoneMinutes: minutes)
        }
        if let values = members(comparison, value) {
            let parts = try values.filter { !$0.isUnsetMarker }.map { try test(.equal, $0) }
            return withUnset(.either(parts), field, values)
        }
        guard let ordering = comparison.ordering else { throw condition.invalidOperator }
        if value.isUnsetMarker { return .none }
        return Resolved(predicate: try test(ordering, value), matchesUnset: false)
    }
}
