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
        byte(UInt8(ascii: "\""))
        digits(day)
        byte(UInt8(ascii: "\""))
    }

    /// Writes `"YYYY-MM-DD HH:MM:SS"`.
    mutating func instant(_ instant: Instant) {
        byte(UInt8(ascii: "\""))
        digits(instant.day)
        let second = instant.secondOfDay
        byte(UInt8(ascii: " "))
        pair(second / 3_600)
        byte(UInt8(ascii: ":"))
        pair(second / 60 % 60)
        byte(UInt8(ascii: ":"))
        pair(second % 60)
        byte(UInt8(ascii: "\""))
    }

    private mutating func digits(_ day: Day) {
        let (year, month, number) = day.parts
        pair(year / 100)
        pair(year % 100)
        byte(UInt8(ascii: "-"))
        pair(month)
        byte(UInt8(ascii: "-"))
        pair(number)
    }

    private mutating func pair(_ number: Int) {
        byte(0x30 + UInt8(truncatingIfNeeded: number / 10))
        byte(0x30 + UInt8(truncatingIfNeeded: number % 10))
    }
}
