import FHIR
import Foundation
import Kernel

/// A date of a search: a prefix, and the time that the text covers.
struct DateRange: Sendable {
    private let prefix: String
    private let start: Int
    /// The first second behind it.
    private let end: Int

    private static let prefixes: Set<String> = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"]

    init?(_ text: String) {
        let first = String(text.prefix(2))
        let hasPrefix = DateRange.prefixes.contains(first)
        guard let date = FHIRDateTime(hasPrefix ? String(text.dropFirst(2)) : text) else { return nil }
        prefix = hasPrefix ? first : "eq"
        start = Int(date.start.timeIntervalSince1970.rounded(.down))
        end = max(start + 1, Int(date.end.timeIntervalSince1970.rounded(.up)))
    }

    /// What it means for a moment or, with `isDay`, for a day.
    func domain(_ field: String, isDay: Bool) -> Domain {
        func value(_ second: Int) -> Value {
            isDay ? .day(Instant(seconds: second).day) : .instant(Instant(seconds: second))
        }
        // A day that a text with hours lies in counts as a whole.
        let last = isDay ? Instant(Instant(seconds: end - 1).day + 1).seconds : end
        let from = Domain.where(field, .greaterOrEqual, value(start))
        let before = Domain.where(field, .less, value(start))
        let until = Domain.where(field, .less, value(last))
        let after = Domain.where(field, .greaterOrEqual, value(last))
        switch prefix {
        case "ne": return before | after
        case "gt", "sa": return after
        case "lt", "eb": return before
        case "ge": return from
        case "le": return until
        case "ap":
            let span = max(86_400, last - start)
            return .where(field, .greaterOrEqual, value(start - span)) & .where(field, .less, value(last + span))
        default: return from & until
        }
    }
}
