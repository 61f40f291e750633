import CPostgres
import JSON
import Kernel
import Store

/// Reads the cells of a result, which come in the server's binary forms: whole numbers highest byte first, days and moments since 2000.
struct PostgresCells {
    /// Days from 1970-01-01 to 2000-01-01, from which PostgreSQL counts.
    private static let epochDay = 10_957
    private static let microseconds = 1_000_000

    private let result: OpaquePointer
    private let types: [UInt32]

    init(_ result: PostgresResult) {
        self.result = result.pointer
        types = (0..<PQnfields(result.pointer)).map { PQftype(result.pointer, $0) }
    }

    /// How many columns there are.
    var width: Int { types.count }

    /// A whole number that is never null.
    @inline(__always)
    func integer(_ row: Int, _ column: Int) -> Int {
        guard let bytes = bytes(row, column) else { return 0 }
        return PostgresCells.whole(bytes)
    }

    @inline(__always)
    func value(_ row: Int, _ column: Int, _ form: ColumnForm) -> Value {
        guard let bytes = bytes(row, column) else { return .null }
        switch types[column] {
        case 20, 21, 23, 26: return PostgresCells.number(PostgresCells.whole(bytes), form)
        case 25, 19, 1043, 1042, 114, 705: return PostgresCells.text(bytes, form)
        case 16: return form == .integer ? .int(bytes[0] == 0 ? 0 : 1) : .bool(bytes[0] != 0)
        case 701, 700: return PostgresCells.real(bytes, form)
        case 1082: return PostgresCells.moment(Instant(Day(number: PostgresCells.whole(bytes) + PostgresCells.epochDay)), form, .day)
        case 1114, 1184:
            let micros = PostgresCells.whole(bytes)
            let seconds = (micros - (micros % Self.microseconds + Self.microseconds) % Self.microseconds) / Self.microseconds
            return PostgresCells.moment(Instant(seconds: seconds + Self.epochDay * 86_400), form, .instant)
        case 17: return .bytes(Array(bytes))
        case 1016, 1007: return .ids(PostgresCells.ids(bytes))
        case 1700: return PostgresCells.number(PostgresCells.numeric(bytes), form)
        default: return .text(String(decoding: bytes, as: UTF8.self))
        }
    }

    @inline(__always)
    private func bytes(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer? {
        if PQgetisnull(result, Int32(row), Int32(column)) != 0 { return nil }
        let count = Int(PQgetlength(result, Int32(row), Int32(column)))
        return UnsafeRawBufferPointer(start: PQgetvalue(result, Int32(row), Int32(column)), count: count)
    }

    @inline(__always)
    private static func whole(_ bytes: UnsafeRawBufferPointer) -> Int {
        switch bytes.count {
        case 8: Int(Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
        case 4: Int(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
        default: Int(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
        }
    }

    private static func number(_ number: Int, _ form: ColumnForm) -> Value {
        switch form {
        case .amount: .amount(Amount(units: number))
        case .float: .double(Double(number))
        case .boolean: .bool(number != 0)
        case .text: .text(String(number))
        default: .int(number)
        }
    }

    private static func text(_ bytes: UnsafeRawBufferPointer, _ form: ColumnForm) -> Value {
        let text = String(decoding: bytes, as: UTF8.self)
        switch form {
        case .json: return (try? JSON.parse(text)).map { .json($0) } ?? .null
        case .day: return Day(text).map { .day($0) } ?? .null
        case .instant: return Instant(text).map { .instant($0) } ?? .null
        case .bytes: return .bytes(Array(bytes))
        case .integer: return Int(text).map { .int($0) } ?? .null
        default: return .text(text)
        }
    }

    private static func real(_ bytes: UnsafeRawBufferPointer, _ form: ColumnForm) -> Value {
        let number =
            bytes.count == 8
            ? Double(bitPattern: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)))
            : Double(Float32(bitPattern: UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))))
        return form == .text ? .text("\(number)") : .double(number)
    }

    private static func moment(_ instant: Instant, _ form: ColumnForm, _ own: ColumnForm) -> Value {
        switch form {
        case .day: .day(instant.day)
        case .instant: .instant(instant)
        case .text: .text(own == .day ? instant.day.description : instant.description)
        default: own == .day ? .day(instant.day) : .instant(instant)
        }
    }

    /// Shape: dimensions, flags, type, then per dimension length and lower bound, then per element its length (-1 for null) and bytes.
    private static func ids(_ bytes: UnsafeRawBufferPointer) -> [Int] {
        guard bytes.count >= 20 else { return [] }
        let count = whole(UnsafeRawBufferPointer(rebasing: bytes[12..<16]))
        var ids: [Int] = []
        var place = 20
        while ids.count < count, place + 4 <= bytes.count {
            let length = whole(UnsafeRawBufferPointer(rebasing: bytes[place..<place + 4]))
            place += 4
            guard length > 0, place + length <= bytes.count else { continue }
            ids.append(whole(UnsafeRawBufferPointer(rebasing: bytes[place..<place + length])))
            place += length
        }
        return ids
    }

    /// The whole part. Shape: count of digits, weight of the first, sign, scale, then digits to the base of 10,000.
    private static func numeric(_ bytes: UnsafeRawBufferPointer) -> Int {
        func word(_ place: Int) -> Int { whole(UnsafeRawBufferPointer(rebasing: bytes[place * 2..<place * 2 + 2])) }
        let (count, weight) = (word(0), word(1))
        var number = 0
        for place in 0..<max(weight + 1, 0) { number = number &* 10_000 &+ (place < count ? word(4 + place) : 0) }
        return word(2) == 0 ? number : -number
    }
}
