import Kernel
import Store

extension SQLiteDialect {
    func part(_ part: DatePart, of column: String, isMoment: Bool, zoneMinutes: Int) -> String {
        let local = isMoment && zoneMinutes != 0 ? "datetime(" + column + ", '" + String(zoneMinutes) + " minutes')" : column
        return switch part {
        case .hour: isMoment ? "substr(" + local + ", 1, 13) || ':00:00'" : local + " || ' 00:00:00'"
        case .day: isMoment ? "substr(" + local + ", 1, 10)" : local
        case .week: "date(substr(" + local + ", 1, 10), '-6 days', 'weekday 1')"
        case .month: "substr(" + local + ", 1, 7) || '-01'"
        case .quarter: "substr(" + local + ", 1, 5) || printf('%02d', " + quarter(local) + " * 3 - 2) || '-01'"
        case .year: "substr(" + local + ", 1, 4) || '-01-01'"
        case .yearNumber: number(local, 1, 4)
        case .quarterNumber: quarter(local)
        case .monthNumber: number(local, 6, 2)
        case .isoWeekNumber: "(strftime('%j', substr(" + local + ", 1, 10), '-3 days', 'weekday 4') - 1) / 7 + 1"
        case .dayOfYear: "cast(strftime('%j', " + local + ") AS INTEGER)"
        case .dayOfMonth: number(local, 9, 2)
        case .dayOfWeek: "cast(strftime('%w', " + local + ") AS INTEGER)"
        case .hourNumber: number(local, 12, 2)
        case .minuteNumber: number(local, 15, 2)
        case .secondNumber: number(local, 18, 2)
        }
    }

    private func number(_ column: String, _ start: Int, _ length: Int) -> String {
        "cast(substr(" + column + ", " + String(start) + ", " + String(length) + ") AS INTEGER)"
    }

    private func quarter(_ column: String) -> String { "((" + number(column, 6, 2) + " + 2) / 3)" }
}
