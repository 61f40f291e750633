import Kernel

/// The days of a cron expression: of the month, of the week, or either.
struct CronDays: Sendable, Hashable {
    private var monthDays: UInt64 = 0
    private var weekdays: UInt64 = 0
    /// Days before the last of the month.
    private var fromLast: Set<Int> = []
    /// Days whose nearest weekday counts; 0 for the last of the month.
    private var nearest: Set<Int> = []
    /// The so-many-th weekday of the month, 1 to 5, or 0 for the last one, by weekday.
    private var numbered: Set<[Int]> = []
    private let anyMonthDay: Bool
    private let anyWeekday: Bool

    init(ofMonth: String, ofWeek: String) throws {
        anyMonthDay = ofMonth.hasPrefix("*") || ofMonth == "?"
        anyWeekday = ofWeek.hasPrefix("*") || ofWeek == "?"
        for item in ofMonth.split(separator: ",", omittingEmptySubsequences: false) { try addMonthDay(String(item).uppercased()) }
        for item in ofWeek.split(separator: ",", omittingEmptySubsequences: false) { try addWeekday(String(item).uppercased()) }
        if weekdays & 1 << 7 != 0 { weekdays |= 1 }
    }

    private mutating func addMonthDay(_ item: String) throws {
        let field = CronField.dayOfMonth
        if item == "L" {
            fromLast.insert(0)
        } else if item == "LW" {
            nearest.insert(0)
        } else if item.hasPrefix("L-") {
            guard let number = CronField.number(String(item.dropFirst(2))), (0...30).contains(number) else {
                throw Refusal.cron(field.title, item)
            }
            fromLast.insert(number)
        } else if item.hasSuffix("W") {
            guard let day = field.value(String(item.dropLast())) else { throw Refusal.cron(field.title, item) }
            nearest.insert(day)
        } else {
            monthDays |= try field.item(item)
        }
    }

    private mutating func addWeekday(_ item: String) throws {
        let field = CronField.dayOfWeek
        let parts = item.split(separator: "#", omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard let day = field.value(String(parts[0])), let number = CronField.number(String(parts[1])), (1...5).contains(number) else {
                throw Refusal.cron(field.title, item)
            }
            numbered.insert([day % 7, number])
        } else if item.hasSuffix("L"), let day = field.value(String(item.dropLast())) {
            numbered.insert([day % 7, 0])
        } else {
            weekdays |= try field.item(item)
        }
    }

    /// The days of a month that count, as bits from 1 to 31.
    ///
    /// A field that begins with a star limits the days together with the other one; two plain fields are alternatives, as in Vixie cron.
    func mask(_ year: Int, _ month: Int) -> UInt64 {
        let length = Day.length(year, month)
        let all: UInt64 = (1 << UInt64(length + 1)) - 2
        let first = Day(year, month, 1).isoWeekday % 7
        let byMonth = monthMask(length, first)
        let byWeek = weekMask(length, first)
        return (anyMonthDay || anyWeekday ? byMonth & byWeek : byMonth | byWeek) & all
    }

    private func monthMask(_ length: Int, _ first: Int) -> UInt64 {
        var mask = monthDays
        for distance in fromLast where distance < length { mask |= 1 << UInt64(length - distance) }
        for wanted in nearest {
            let day = wanted == 0 ? length : wanted
            guard day <= length else { continue }
            // Saturday goes back and Sunday on, unless that leaves the month.
            let shift: Int
            switch (first + day - 1) % 7 {
            case 6: shift = day > 1 ? -1 : 2
            case 0: shift = day < length ? 1 : -2
            default: shift = 0
            }
            mask |= 1 << UInt64(day + shift)
        }
        return mask
    }

    private func weekMask(_ length: Int, _ first: Int) -> UInt64 {
        var mask: UInt64 = 0
        for day in 1...length {
            let weekday = (first + day - 1) % 7
            let isWanted =
                weekdays & 1 << UInt64(weekday) != 0 || numbered.contains([weekday, (day - 1) / 7 + 1])
                || day + 7 > length && numbered.contains([weekday, 0])
            if isWanted { mask |= 1 << UInt64(day) }
        }
        return mask
    }
}
