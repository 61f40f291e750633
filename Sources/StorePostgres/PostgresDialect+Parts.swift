import Kernel
import Store

extension PostgresDialect {
    func part(_ part: DatePart, of column: String, isMoment: Bool, zoneMinutes: Int) -> String {
        let local = isMoment && zoneMinutes != 0 ? "(" + column + " + interval '" + String(zoneMinutes) + " minutes')" : column
        return switch part {
        case .hour: "date_trunc('hour', " + local + "::timestamp)"
        case .day: local + "::date"
        case .week: cut("week", local)
        case .month: cut("month", local)
        case .quarter: cut("quarter", local)
        case .year: cut("year", local)
        case .yearNumber: number("year", local)
        case .quarterNumber: number("quarter", local)
        case .monthNumber: number("month", local)
        case .isoWeekNumber: number("week", local)
        case .dayOfYear: number("doy", local)
        case .dayOfMonth: number("day", local)
        case .dayOfWeek: number("dow", local)
        case .hourNumber: number("hour", local + "::timestamp")
        case .minuteNumber: number("minute", local + "::timestamp")
        case .secondNumber: number("second", local + "::timestamp")
        }
    }

    /// The first day of a period.
    private func cut(_ word: String, _ column: String) -> String { "date_trunc('" + word + "', " + column + "::timestamp)::date" }

    private func number(_ word: String, _ column: String) -> String { "extract(" + word + " FROM " + column + ")::bigint" }
}
