import Kernel

/// The table behind `SharedNotes`, inside a transaction.
struct NoteTable {
    private let connection: any SQLConnection
    private let dialect: any SQLDialect
    private static let forms: [ColumnForm] = [.text, .text, .bytes, .instant]

    init(_ connection: any SQLConnection, _ dialect: any SQLDialect) {
        self.connection = connection
        self.dialect = dialect
    }

    /// The notes of these names that are not over, in their order.
    func find(_ names: [String], _ now: Instant, locking: Bool = false) throws -> [SharedNote?] {
        let notes = try rows(names, locking: locking)
        return names.map { name in notes[name].flatMap { $0.until > now ? $0 : nil } }
    }

    /// The same, their rows locked until the transaction ends; what is not there is made first, so that there is something to lock.
    func locked(_ names: [String], _ room: String, _ now: Instant) throws -> [SharedNote?] {
        let sql =
            "INSERT INTO baton_note (name, room, ends, words) VALUES (\(dialect.placeholders(4))) ON CONFLICT DO NOTHING"
        // In one order everywhere, so that nobody waits for each other.
        let sorted = Array(Set(names)).sorted()
        while true {
            for name in sorted { try connection.run(sql, [.text(name), .text(room), .instant(Instant(seconds: 0)), .text("")]) }
            let notes = try rows(sorted, locking: true)
            // Somebody who had the row before may have deleted it.
            guard notes.count == sorted.count else { continue }
            return names.map { name in notes[name].flatMap { $0.until > now ? $0 : nil } }
        }
    }

    /// The notes of a kind that are not over, without what comes with them.
    func all(_ room: String, _ limit: Int, _ now: Instant) throws -> [SharedNote] {
        let sql = "SELECT words, ends FROM baton_note WHERE room = \(mark(1)) AND ends > \(mark(2)) LIMIT \(mark(3))"
        let cells = try connection.query(sql, [.text(room), .instant(now), .int(limit)], [.text, .instant])
        return stride(from: 0, to: cells.count, by: 2).map { start in
            SharedNote(cells[start].textValue ?? "", until: Instant(fieldValue: cells[start + 1]))
        }
    }

    private func rows(_ names: [String], locking: Bool) throws -> [String: SharedNote] {
        let sql =
            "SELECT name, words, content, ends FROM baton_note WHERE name IN (\(dialect.placeholders(names.count))) ORDER BY name"
            + (locking ? dialect.lockingRows : "")
        let cells = try connection.query(sql, names.map { .text($0) }, NoteTable.forms)
        var notes: [String: SharedNote] = [:]
        for start in stride(from: 0, to: cells.count, by: NoteTable.forms.count) {
            let content: [UInt8] = if case .bytes(let bytes) = cells[start + 2] { bytes } else { [] }
            let end = Instant(fieldValue: cells[start + 3])
            notes[cells[start].textValue ?? ""] = SharedNote(cells[start + 1].textValue ?? "", bytes: content, until: end)
        }
        return notes
    }

    /// Puts a note where another one stood.
    func write(_ note: SharedNote?, _ name: String, instead old: SharedNote?) throws {
        guard let note else {
            try connection.run("DELETE FROM baton_note WHERE name = \(mark(1))", [.text(name)])
            return
        }
        if note == old { return }
        var (changes, values): ([String], [Value]) = (
            ["words = \(mark(1))", "ends = \(mark(2))"], [.text(note.text), .instant(note.until)]
        )
        // Much may come with a note whose words alone change.
        if note.bytes != old?.bytes ?? [] || old == nil {
            changes.append("content = \(mark(3))")
            values.append(.bytes(note.bytes))
        }
        let sql = "UPDATE baton_note SET " + changes.joined(separator: ", ") + " WHERE name = " + mark(values.count + 1)
        try connection.run(sql, values + [.text(name)])
    }

    /// How many notes of a kind there are, and the bytes that come with them.
    func size(of room: String, without names: [String], _ now: Instant) throws -> (count: Int, bytes: Int) {
        let others = (0..<names.count).map { mark($0 + 3) }.joined(separator: ", ")
        let sql =
            "SELECT count(*), coalesce(sum(octet_length(content)), 0) FROM baton_note WHERE room = \(mark(1)) AND ends > \(mark(2)) "
            + "AND name NOT IN (\(others))"
        let cells = try connection.query(sql, [.text(room), .instant(now)] + names.map { .text($0) }, [.integer, .integer])
        return (cells[0].intValue ?? 0, cells[1].intValue ?? 0)
    }

    /// Forgets what is over, and what would end first when there is too much.
    func sweep(_ room: String, _ limit: Int, _ now: Instant) throws {
        // Rows that others work with are left for the next time.
        let over = "SELECT name FROM baton_note WHERE room = \(mark(1)) AND ends <= \(mark(2))\(dialect.skippingLocked)"
        try connection.run("DELETE FROM baton_note WHERE name IN (\(over))", [.text(room), .instant(now)])
        let count = try connection.first("SELECT count(*) FROM baton_note WHERE room = \(mark(1))", [.text(room)], .integer)?.intValue ?? 0
        guard count >= limit else { return }
        let first = "SELECT name FROM baton_note WHERE room = \(mark(1)) ORDER BY ends LIMIT \(mark(2))\(dialect.skippingLocked)"
        try connection.run("DELETE FROM baton_note WHERE name IN (\(first))", [.text(room), .int(count - limit + max(1, limit / 10))])
    }

    private func mark(_ number: Int) -> String { dialect.placeholder(number) }
}
