import CSQLite
import JSON
import Kernel
import Store

/// A prepared statement: binds values and reads columns.
final class SQLiteStatement {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { sqlite3_finalize(pointer) }

    @inline(__always)
    func reset() { sqlite3_reset(pointer) }

    /// Gives SQLite's result code.
    func bind(_ arguments: [Value]) -> Int32 {
        var place: Int32 = 0
        for argument in arguments {
            place += 1
            let code = bind(argument, place)
            if code != SQLITE_OK { return code }
        }
        return SQLITE_OK
    }

    @inline(__always)
    private func bind(_ value: Value, _ place: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(pointer, place)
        case .bool(let bool): sqlite3_bind_int64(pointer, place, bool ? 1 : 0)
        case .int(let int): sqlite3_bind_int64(pointer, place, Int64(int))
        case .double(let double): sqlite3_bind_double(pointer, place, double)
        case .amount(let amount): sqlite3_bind_int64(pointer, place, Int64(amount.units))
        case .text(let text): bind(text, place)
        case .day(let day): bind(day.description, place)
        case .instant(let instant): bind(instant.description, place)
        case .json(let json): bind(json.text(), place)
        case .bytes(let bytes): bind(bytes, place)
        case .ids(let ids): bind(SQLiteDialect().listArgument(ids.map { .int($0) }).textValue ?? "[]", place)
        case .list(let list): bind(SQLiteDialect().listArgument(list).textValue ?? "[]", place)
        case .map(let map): bind(ValueText.write(map), place)
        }
    }

    private func bind(_ text: String, _ place: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                // An empty text may have no address, which SQLite would take for NULL.
                guard let start = characters.baseAddress else { return baton_sqlite_bind_text(pointer, place, "", 0) }
                return baton_sqlite_bind_text(pointer, place, start, Int32(characters.count))
            }
        }
    }

    private func bind(_ bytes: [UInt8], _ place: Int32) -> Int32 {
        if bytes.isEmpty { return sqlite3_bind_zeroblob(pointer, place, 0) }
        return bytes.withUnsafeBytes { baton_sqlite_bind_blob(pointer, place, $0.baseAddress, Int32($0.count)) }
    }

    @inline(__always)
    func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(pointer, column)) }

    /// The value of a column of the present row.
    @inline(__always)
    func value(_ column: Int32, _ form: ColumnForm) -> Value {
        // One call for the cell and cheap ones on it; a connection has one thread at a time, so that nothing needs to protect it.
        guard let cell = sqlite3_column_value(pointer, column) else { return .null }
        let type = sqlite3_value_type(cell)
        if type == SQLITE_NULL { return .null }
        switch form {
        case .integer: return .int(Int(sqlite3_value_int64(cell)))
        case .text: return .text(text(of: cell))
        case .boolean: return .bool(sqlite3_value_int64(cell) != 0)
        case .float: return .double(sqlite3_value_double(cell))
        case .amount: return .amount(Amount(units: Int(sqlite3_value_int64(cell))))
        case .day, .instant: return date(column, form)
        default: return other(column, form, type)
        }
    }

    private func other(_ column: Int32, _ form: ColumnForm, _ type: Int32) -> Value {
        switch form {
        case .json: return (try? JSON.parse(text(column))).map { .json($0) } ?? .null
        case .bytes: return .bytes(bytes(column))
        case .ids: return .ids(ids(column))
        default:
            switch type {
            case SQLITE_INTEGER: return .int(integer(column))
            case SQLITE_FLOAT: return .double(sqlite3_column_double(pointer, column))
            case SQLITE_BLOB: return .bytes(bytes(column))
            default: return .text(text(column))
            }
        }
    }

    @inline(__always)
    private func text(of cell: OpaquePointer) -> String {
        guard let start = sqlite3_value_text(cell) else { return "" }
        let count = Int(sqlite3_value_bytes(cell))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    private func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(pointer, column) else { return "" }
        let count = Int(sqlite3_column_bytes(pointer, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    private func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(pointer, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column))))
    }

    private func ids(_ column: Int32) -> [Int] {
        guard case .array(let elements)? = try? JSON.parse(text(column)) else { return [] }
        return elements.compactMap(\.intValue)
    }

    /// Reads `YYYY-MM-DD` and `YYYY-MM-DD HH:MM:SS` where they stand, without making a text of them.
    private func date(_ column: Int32, _ form: ColumnForm) -> Value {
        guard let start = sqlite3_column_text(pointer, column) else { return .null }
        let count = Int(sqlite3_column_bytes(pointer, column))
        guard count >= 10 else { return .null }
        let day = Day(checking: digits(start, 0, 4), digits(start, 5, 2), digits(start, 8, 2))
        guard let day else { return .null }
        if form == .day { return .day(day) }
        guard count >= 19 else { return .instant(Instant(day)) }
        return .instant(Instant(day, secondOfDay: digits(start, 11, 2) * 3_600 + digits(start, 14, 2) * 60 + digits(start, 17, 2)))
    }

    @inline(__always)
    private func digits(_ start: UnsafePointer<UInt8>, _ from: Int, _ count: Int) -> Int {
        var number = 0
        for place in from..<from + count { number = number * 10 + Int(start[place]) - 0x30 }
        return number
    }
}
