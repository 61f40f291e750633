import Crypto
import JSON
import Kernel

extension JSONWriter {
    /// Writes a value in the form of Odoo's API: what is not set is `false`.
    mutating func value(_ value: Value) {
        switch value {
        case .null: literal("false")
        case .bool(let flag): bool(flag)
        case .int(let number): int(Int64(number))
        case .double(let number): double(number)
        case .amount(let amount): self.amount(amount)
        case .text(let text): string(text)
        case .day(let day): self.day(day)
        case .instant(let instant): self.instant(instant)
        case .ids(let ids): self.ids(ids)
        case .bytes(let bytes): string(Base64.standard.encode(bytes))
        case .json(let json): self.json(json)
        case .list(let items):
            beginArray()
            for (index, item) in items.enumerated() {
                if index > 0 { byte(UInt8(ascii: ",")) }
                self.value(item)
            }
            endArray()
        case .map(let map):
            beginObject()
            for entry in map.entries {
                key(entry.name)
                self.value(entry.value)
            }
            endObject()
        }
    }

    /// Writes a list of ids.
    mutating func ids(_ ids: [Int]) {
        beginArray()
        for (index, id) in ids.enumerated() {
            if index > 0 { byte(UInt8(ascii: ",")) }
            int(Int64(id))
        }
        endArray()
    }

    /// Writes an amount digit for digit, with at least one place: `1234.5`, `12.0`.
    mutating func amount(_ amount: Amount) {
        let magnitude = amount.units.magnitude
        let scale = UInt(Amount.scale)
        if amount.units < 0 { byte(UInt8(ascii: "-")) }
        int(Int64(magnitude / scale))
        byte(UInt8(ascii: "."))
        var rest = magnitude % scale
        var step = scale / 10
        repeat {
            byte(0x30 + UInt8(rest / step))
            rest %= step
            step /= 10
        } while rest > 0 && step > 0
    }

    /// Writes `"YYYY-MM-DD"`.
    mutating func day(_ day: Day) {
        let place = room(12)
        place[0] = UInt8(ascii: "\"")
        JSONWriter.digits(day, place + 1)
        place[11] = UInt8(ascii: "\"")
    }

    /// Writes `"YYYY-MM-DD HH:MM:SS"`.
    mutating func instant(_ instant: Instant) {
        let place = room(21)
        place[0] = UInt8(ascii: "\"")
        JSONWriter.digits(instant.day, place + 1)
        place[11] = UInt8(ascii: " ")
        let second = instant.secondOfDay
        JSONWriter.pair(second / 3_600, place + 12)
        place[14] = UInt8(ascii: ":")
        JSONWriter.pair(second / 60 % 60, place + 15)
        place[17] = UInt8(ascii: ":")
        JSONWriter.pair(second % 60, place + 18)
        place[20] = UInt8(ascii: "\"")
    }

    private static func digits(_ day: Day, _ place: UnsafeMutablePointer<UInt8>) {
        let (year, month, number) = day.parts
        pair(year / 100, place)
        pair(year % 100, place + 2)
        place[4] = UInt8(ascii: "-")
        pair(month, place + 5)
        place[7] = UInt8(ascii: "-")
        pair(number, place + 8)
    }

    @inline(__always)
    private static func pair(_ number: Int, _ place: UnsafeMutablePointer<UInt8>) {
        place[0] = 0x30 + UInt8(truncatingIfNeeded: number / 10)
        place[1] = 0x30 + UInt8(truncatingIfNeeded: number % 10)
    }
}
