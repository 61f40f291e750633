import JSON
import Kernel
import Store

/// The arguments of one run of a statement, side by side in one buffer.
///
/// Numbers, truth values and bytes travel in binary with a type of their own; all others as text, whose type the database reads off the
/// statement, so that a day, a moment, a list or JSON fits whatever column it meets.
struct PostgresArguments {
    /// PostgreSQL's numbers of types. Source: pg_type.dat.
    enum TypeId {
        static let unknown: UInt32 = 0, bool: UInt32 = 16, bytea: UInt32 = 17, int8: UInt32 = 20, float8: UInt32 = 701
    }

    private var bytes: [UInt8] = []
    private var starts: [Int] = []
    private(set) var lengths: [Int32] = []
    private(set) var formats: [Int32] = []

    var count: Int { starts.count }

    /// The type with which a value travels; unknown for text, and for null.
    static func type(of value: Value) -> UInt32 {
        switch value {
        case .int, .amount: TypeId.int8
        case .bool: TypeId.bool
        case .double: TypeId.float8
        case .bytes: TypeId.bytea
        default: TypeId.unknown
        }
    }

    init(_ values: [Value]) throws {
        for value in values { try add(value) }
    }

    private mutating func add(_ value: Value) throws {
        switch value {
        case .null: begin(at: -1, format: 0)
        case .bool(let bool): binary { $0.append(bool ? 1 : 0) }
        case .int(let int): binary { PostgresArguments.append(UInt64(bitPattern: Int64(int)), &$0) }
        case .amount(let amount): binary { PostgresArguments.append(UInt64(bitPattern: Int64(amount.units)), &$0) }
        case .double(let double): binary { PostgresArguments.append(double.bitPattern, &$0) }
        case .bytes(let content): binary { $0 += content }
        case .text(let content): try text(content)
        case .day(let day): try text(day.description)
        case .instant(let instant): try text(instant.description)
        case .json(let json): try text(json.text())
        case .map(let map): try text(ValueText.write(map))
        case .ids(let ids): try text("{" + ids.map(String.init).joined(separator: ",") + "}")
        case .list(let values): try text(PostgresArguments.array(values))
        }
    }

    private mutating func begin(at start: Int, format: Int32) {
        starts.append(start)
        lengths.append(0)
        formats.append(format)
    }

    private mutating func binary(_ write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        begin(at: start, format: 1)
        write(&bytes)
        lengths[lengths.count - 1] = Int32(bytes.count - start)
        // An empty content must have an address, too.
        bytes.append(0)
    }

    private mutating func text(_ content: String) throws {
        begin(at: bytes.count, format: 0)
        let start = bytes.count
        bytes += content.utf8
        if bytes[start...].contains(0) { throw SQLFailure(.badText, code: 0, message: "a text holds the character 0") }
        bytes.append(0)
    }

    private static func append(_ word: UInt64, _ bytes: inout [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
    }

    /// An array as PostgreSQL writes one: `{1,"a \"word\"",NULL}`.
    private static func array(_ values: [Value]) -> String {
        let parts = values.map { value -> String in
            switch value {
            case .null: "NULL"
            case .bool(let bool): bool ? "t" : "f"
            case .int(let int): String(int)
            case .amount(let amount): String(amount.units)
            case .double(let double): "\(double)"
            case .text(let text): quoted(text)
            case .day(let day): day.description
            case .instant(let instant): quoted(instant.description)
            default: "NULL"
            }
        }
        return "{" + parts.joined(separator: ",") + "}"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    /// Hands the addresses of the values to a body, null for what is not set.
    func withPointers<Result>(_ body: ([UnsafePointer<CChar>?]) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes { raw in
            let base = raw.bindMemory(to: CChar.self).baseAddress
            return try body(starts.map { start in start < 0 ? nil : base.map { $0 + start } })
        }
    }
}
