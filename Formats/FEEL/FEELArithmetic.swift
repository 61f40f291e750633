/// What operators do with values; `null` where they mean nothing.
enum FEELArithmetic {
    static func negated(_ value: FEELValue) -> FEELValue {
        switch value {
        case .number(let number): .number(number.negated)
        case .nanoseconds(let length): .nanoseconds(-length)
        case .months(let length): .months(-length)
        default: .null
        }
    }

    static func result(_ operation: FEELOperator, _ left: FEELValue, _ right: FEELValue) -> FEELValue {
        switch operation {
        case .add: sum(left, right)
        case .subtract: difference(left, right)
        case .multiply: product(left, right)
        case .divide: quotient(left, right)
        case .power:
            if case (.number(let base), .number(let exponent)) = (left, right) { number(base.raised(to: exponent)) } else { .null }
        default: operation.holds(left, right).map { .boolean($0) } ?? .null
        }
    }

    private static func number(_ number: FEELNumber?) -> FEELValue { number.map { .number($0) } ?? .null }

    private static func sum(_ left: FEELValue, _ right: FEELValue) -> FEELValue {
        switch (left, right) {
        case (.number(let left), .number(let right)): number(left.adding(right))
        case (.string(let left), .string(let right)):
            left.utf8.count + right.utf8.count <= FEELLimits.maxTextBytes ? .string(left + right) : .null
        case (.months, .date), (.nanoseconds, .date), (.months, .dateTime), (.nanoseconds, .dateTime), (.nanoseconds, .time):
            moved(right, by: left, 1)
        case (.months(let left), .months(let right)): months(left + right)
        case (.nanoseconds(let left), .nanoseconds(let right)): nanoseconds(left + right)
        default: moved(left, by: right, 1)
        }
    }

    private static func difference(_ left: FEELValue, _ right: FEELValue) -> FEELValue {
        switch (left, right) {
        case (.number(let left), .number(let right)): number(left.subtracting(right))
        case (.date(let left), .date(let right)):
            nanoseconds(left.number - right.number, FEELTime.day)
        case (.dateTime(let left), .dateTime(let right)):
            (left.time.offset == nil) == (right.time.offset == nil)
                ? Int(exactly: left.position - right.position).map { nanoseconds($0) } ?? .null : .null
        case (.time(let left), .time(let right)):
            (left.offset == nil) == (right.offset == nil) ? nanoseconds(left.position - right.position) : .null
        case (.months(let left), .months(let right)): months(left - right)
        case (.nanoseconds(let left), .nanoseconds(let right)): nanoseconds(left - right)
        default: moved(left, by: right, -1)
        }
    }

    /// A date, a moment or a time some duration later.
    private static func moved(_ value: FEELValue, by length: FEELValue, _ sign: Int) -> FEELValue {
        switch (value, length) {
        case (.date(let date), .months(let months)): date.adding(months: sign * months).map { .date($0) } ?? .null
        case (.date(let date), .nanoseconds(let length)):
            FEELTime(nanoseconds: 0).flatMap {
                FEELDateTime(position: FEELDateTime(date, $0).position + Int128(sign * length), offset: nil)
            }.map { .date($0.date) } ?? .null
        case (.dateTime(let moment), .months(let months)):
            moment.date.adding(months: sign * months).map { .dateTime(FEELDateTime($0, moment.time)) } ?? .null
        case (.dateTime(let moment), .nanoseconds(let length)):
            FEELDateTime(position: moment.position + Int128(sign * length), offset: moment.time.offset).map { .dateTime($0) } ?? .null
        case (.time(let time), .nanoseconds(let length)): wrapped(time, sign * length)
        default: .null
        }
    }

    private static func wrapped(_ time: FEELTime, _ length: Int) -> FEELValue {
        let sum = (time.nanoseconds + length) % FEELTime.day
        return FEELTime(nanoseconds: sum < 0 ? sum + FEELTime.day : sum, offset: time.offset).map { .time($0) } ?? .null
    }

    private static func product(_ left: FEELValue, _ right: FEELValue) -> FEELValue {
        switch (left, right) {
        case (.number(let left), .number(let right)): number(left.multiplied(by: right))
        case (.nanoseconds(let length), .number(let factor)), (.number(let factor), .nanoseconds(let length)):
            FEELNumber(length).multiplied(by: factor)?.floor.int.map { nanoseconds($0) } ?? .null
        case (.months(let length), .number(let factor)), (.number(let factor), .months(let length)):
            FEELNumber(length).multiplied(by: factor)?.floor.int.map { months($0) } ?? .null
        default: .null
        }
    }

    private static func quotient(_ left: FEELValue, _ right: FEELValue) -> FEELValue {
        switch (left, right) {
        case (.number(let left), .number(let right)): number(left.divided(by: right))
        case (.nanoseconds(let length), .number(let divisor)):
            FEELNumber(length).divided(by: divisor)?.floor.int.map { nanoseconds($0) } ?? .null
        case (.months(let length), .number(let divisor)): FEELNumber(length).divided(by: divisor)?.floor.int.map { months($0) } ?? .null
        case (.nanoseconds(let left), .nanoseconds(let right)): number(FEELNumber(left).divided(by: FEELNumber(right)))
        case (.months(let left), .months(let right)): number(FEELNumber(left).divided(by: FEELNumber(right)))
        default: .null
        }
    }

    private static func nanoseconds(_ length: Int, _ unit: Int = 1) -> FEELValue {
        let (product, overflow) = length.multipliedReportingOverflow(by: unit)
        return overflow || product.magnitude > UInt(FEELDuration.longest) ? .null : .nanoseconds(product)
    }

    private static func months(_ length: Int) -> FEELValue { length.magnitude > UInt(FEELDuration.mostMonths) ? .null : .months(length) }
}
