import Kernel

/// Reads any text as a day, a moment and an amount; what is accepted reads back as the same value from what it prints.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
    if let day = Day(text) {
        guard Day(day.description) == day else { fatalError("a day prints as \(day)") }
        let (year, month, number) = day.parts
        guard Day(checking: year, month, number) == day else { fatalError("a day's parts are no day: \(day)") }
        _ = day.isoWeek
    }
    if let instant = Instant(text), Instant(instant.description) != instant { fatalError("a moment prints as \(instant)") }
    if let amount = Amount(text), Amount(amount.description) != amount { fatalError("an amount prints as \(amount)") }
    if let double = Double(text) { _ = Amount(double) }
    return 0
}
