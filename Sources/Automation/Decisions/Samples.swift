import FEEL

/// Finds a value of a type within a segment of a column, so that gaps and overlaps can be shown by an example.
struct Samples {
    let type: DecisionType
    let column: ColumnIndex

    /// A value in the segment; nil when there is none, as between two following whole numbers.
    func value(in segment: Int) -> FEELValue? {
        if segment == column.nullSegment { return .null }
        if segment % 2 == 1 {
            let point = column.points[segment / 2]
            return type.accepts(point) ? point : nil
        }
        let place = segment / 2
        return between(place > 0 ? column.points[place - 1] : nil, place < column.points.count ? column.points[place] : nil)
    }

    private func between(_ low: FEELValue?, _ high: FEELValue?) -> FEELValue? {
        switch type {
        case .boolean: nil
        case .string: Samples.text(low?.text, high?.text).map { .string($0) }
        case .integer: whole(low?.number, high?.number).map { .number($0) }
        case .number: number(low?.number, high?.number).map { .number($0) }
        case .date: Samples.step(low?.position, high?.position, 1, start: 20_454).flatMap { FEELDate(number: Int($0)) }.map { .date($0) }
        case .time: time(low, high)
        case .dateTime: moment(low, high)
        case .daysDuration:
            Samples.step(low?.position, high?.position, 3_600_000_000_000, start: 86_400_000_000_000).flatMap { Int(exactly: $0) }
                .map { .nanoseconds($0) }
        case .yearsDuration: Samples.step(low?.position, high?.position, 1, start: 12).flatMap { Int(exactly: $0) }.map { .months($0) }
        }
    }

    /// A whole position strictly between two others: a step away when that fits, else half-way.
    private static func step(_ low: Int128?, _ high: Int128?, _ width: Int128, start: Int128) -> Int128? {
        switch (low, high) {
        case (nil, nil): return start
        case (let low?, nil): return low + width
        case (nil, let high?): return high - width
        case (let low?, let high?):
            if low + width < high { return low + width }
            let middle = low + (high - low) / 2
            return middle > low && middle < high ? middle : nil
        }
    }

    /// Times of day, in UTC, do not leave the day.
    private func time(_ low: FEELValue?, _ high: FEELValue?) -> FEELValue? {
        let day: Int128 = 86_400_000_000_000
        guard let position = Samples.step(low?.position ?? -1, high?.position ?? day, 3_600_000_000_000, start: 0) else { return nil }
        return FEELTime(nanoseconds: Int(position), offset: 0).map { .time($0) }
    }

    private func moment(_ low: FEELValue?, _ high: FEELValue?) -> FEELValue? {
        let position = Samples.step(low?.position, high?.position, 3_600_000_000_000, start: 1_767_225_600_000_000_000)
        guard let position, let moment = FEELDateTime(nanosecondsSince1970: position) else { return nil }
        return .dateTime(moment)
    }

    private func whole(_ low: FEELNumber?, _ high: FEELNumber?) -> FEELNumber? {
        let one = FEELNumber(1)
        switch (low, high) {
        case (nil, nil): return .zero
        case (let low?, nil): return low.floor.adding(one)
        case (nil, let high?): return high.negated.floor.adding(one)?.negated
        case (let low?, let high?):
            guard let next = low.floor.adding(one), next < high else { return nil }
            return next
        }
    }

    private func number(_ low: FEELNumber?, _ high: FEELNumber?) -> FEELNumber? {
        if let whole = whole(low, high) { return whole }
        guard let low, let high, let sum = low.adding(high), let middle = sum.divided(by: FEELNumber(2)), low < middle, middle < high
        else { return nil }
        return middle
    }

    private static func text(_ low: String?, _ high: String?) -> String? {
        let candidates = low.map { [$0 + "x", $0 + "a", $0 + " ", $0 + "!", $0 + "\u{1}", $0 + "\u{0}"] } ?? ["other", "A", "0", " ", ""]
        return candidates.first { text in (low.map { $0 < text } ?? true) && (high.map { text < $0 } ?? true) }
    }
}

extension FEELValue {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
    fileprivate var number: FEELNumber? { if case .number(let number) = self { number } else { nil } }

    /// Where the value stands among those of its type, in the type's smallest steps.
    fileprivate var position: Int128? {
        switch self {
        case .date(let date): Int128(date.number)
        case .time(let time): Int128(time.position)
        case .dateTime(let moment): moment.position
        case .nanoseconds(let length): Int128(length)
        case .months(let length): Int128(length)
        default: nil
        }
    }
}
