import Kernel
@testable import Store

@testable import StoreSQLite

/// One way in which somebody with the database in hands might change the trail.
struct Tamper: CustomStringConvertible {
    let description: String
    /// The entry that was tampered with.
    let seq: Int
    /// The first entry that the verifier must name.
    let first: Int

    private static let columns = ["at", "user_id", "kind", "model", "ids", "detail", "previous", "hash", "seq"]

    static func random(_ number: Int, on connection: SQLiteConnection, _ random: inout some RandomNumberGenerator) throws -> Tamper {
        let seq = Int.random(in: 1...AuditTests.entries - 1, using: &random)
        switch number % 10 {
        case 0: return try delete(seq, connection)
        case 1: return try swap(seq, Int.random(in: 1...AuditTests.entries - 1, using: &random), connection)
        case 2: return try truncate(seq, connection)
        case 3: return try rechain(seq, connection)
        default: return try flip(seq, columns[Int.random(in: 0..<columns.count, using: &random)], connection, &random)
        }
    }

    /// The first entry that nothing confirms any more: with a signed entry gone, all since the signature before it.
    private static func confirmed(_ seq: Int) -> Int { seq % 100 == 0 ? seq - 99 : seq }

    private static func delete(_ seq: Int, _ connection: SQLiteConnection) throws -> Tamper {
        try connection.run("DELETE FROM baton_audit WHERE seq = ?", [.int(seq)])
        return Tamper(description: "delete \(seq)", seq: seq, first: confirmed(seq))
    }

    private static func truncate(_ seq: Int, _ connection: SQLiteConnection) throws -> Tamper {
        try connection.run("DELETE FROM baton_audit WHERE seq > ?", [.int(seq)])
        // A careful thief removes the checkpoints of the database, too.
        try connection.run("DELETE FROM baton_audit_checkpoint WHERE seq > ?", [.int(seq)])
        return Tamper(description: "truncate after \(seq)", seq: seq + 1, first: seq + 1)
    }

    private static func swap(_ one: Int, _ other: Int, _ connection: SQLiteConnection) throws -> Tamper {
        if one == other { return try delete(one, connection) }
        for (from, to) in [(one, -1), (other, one), (-1, other)] {
            try connection.run("UPDATE baton_audit SET seq = ? WHERE seq = ?", [.int(to), .int(from)])
        }
        return Tamper(description: "swap \(one) and \(other)", seq: min(one, other), first: min(confirmed(one), confirmed(other)))
    }

    /// Changes one entry and computes all hashes after it anew.
    private static func rechain(_ seq: Int, _ connection: SQLiteConnection) throws -> Tamper {
        try connection.run("CREATE TEMP TABLE copy AS SELECT * FROM baton_audit WHERE seq >= ? ORDER BY seq", [.int(seq)])
        try connection.run("UPDATE copy SET user_id = 99 WHERE seq = ?", [.int(seq)])
        try connection.run("DELETE FROM baton_audit WHERE seq >= ?", [.int(seq)])
        let forms: [ColumnForm] = [.text, .integer, .text, .text, .text, .text]
        let cells = try connection.query("SELECT at, user_id, kind, model, ids, detail FROM copy ORDER BY seq", [], forms)
        for start in stride(from: 0, to: cells.count, by: forms.count) { try append(Array(cells[start..<start + forms.count]), connection) }
        try connection.execute("DROP TABLE copy")
        let sealed = (seq - 1) / 100 * 100
        return Tamper(description: "rechain from \(seq)", seq: seq, first: sealed + 1)
    }

    private static func append(_ row: [Value], _ connection: SQLiteConnection) throws {
        let (seq, last) = try AuditChain.tail(connection)
        let texts = [.int(seq + 1)] + row
        let bytes = texts.map { value -> [UInt8] in
            if case .int(let int) = value { Array(String(int).utf8) } else { Array((value.textValue ?? "").utf8) }
        }
        let hash = AuditChain.hash(last, columns: bytes)
        try connection.run(
            "INSERT INTO baton_audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", texts + [.bytes(last.bytes), .bytes(hash.bytes)])
    }

    /// Turns one bit of one column around.
    private static func flip(
        _ seq: Int, _ column: String, _ connection: SQLiteConnection, _ random: inout some RandomNumberGenerator
    ) throws -> Tamper {
        let name = "one bit of \(column) in \(seq)"
        if column == "seq" || column == "user_id" {
            let bit = 1 << Int.random(in: (column == "seq" ? 12 : 0)..<20, using: &random)
            try connection.run(
                "UPDATE baton_audit SET \(column) = (\(column) | ?) - (\(column) & ?) WHERE seq = ?", [.int(bit), .int(bit), .int(seq)])
            return Tamper(description: name, seq: seq, first: column == "seq" ? confirmed(seq) : seq)
        }
        let found = try connection.first("SELECT CAST(\(column) AS BLOB) FROM baton_audit WHERE seq = ?", [.int(seq)], .bytes)
        guard case .bytes(var bytes)? = found else { return Tamper(description: "nothing at \(seq)", seq: seq, first: seq) }
        bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        let cast = column == "previous" || column == "hash" ? "?" : "CAST(? AS TEXT)"
        try connection.run("UPDATE baton_audit SET \(column) = \(cast) WHERE seq = ?", [.bytes(bytes), .int(seq)])
        return Tamper(description: name, seq: seq, first: seq)
    }
}

/// The same sequence for the same seed, so that a tamper that was missed can be tried again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
