/// A statement that inserts one row of arguments, of which one for several rows can be made: each statement costs its way through the server.
final class PostgresInsertion {
    /// Rows of one statement at most, and arguments.
    static let rowLimit = 32, argumentLimit = 1_000

    private let head: String
    private let tail: String
    private let width: Int
    private var texts: [Int: String] = [:]

    /// - Parameter width: How many arguments a row has.
    init?(_ sql: String, _ width: Int) {
        let row = " VALUES " + PostgresInsertion.row(width, from: 1)
        guard width > 0, sql.hasPrefix("INSERT INTO "), let place = PostgresInsertion.place(of: row, in: sql) else { return nil }
        tail = String(sql[sql.index(place, offsetBy: row.count)...])
        // A row may be named once in a statement that changes what is there.
        if !tail.isEmpty, tail != " ON CONFLICT DO NOTHING" { return nil }
        head = sql[..<place] + " VALUES "
        self.width = width
    }

    /// How many of so many rows one statement takes: a power of two, so that few statements are prepared.
    func share(of rows: Int) -> Int {
        let most = min(rows, PostgresInsertion.rowLimit, PostgresInsertion.argumentLimit / width)
        return most < 1 ? 0 : 1 << (Int.bitWidth - 1 - most.leadingZeroBitCount)
    }

    /// The statement for so many rows.
    func text(of rows: Int) -> String {
        if let known = texts[rows] { return known }
        let list = (0..<rows).map { PostgresInsertion.row(width, from: $0 * width + 1) }
        let text = head + list.joined(separator: ", ") + tail
        texts[rows] = text
        return text
    }

    private static func row(_ width: Int, from first: Int) -> String {
        "(" + (first..<first + width).map { "$\($0)" }.joined(separator: ", ") + ")"
    }

    private static func place(of part: String, in text: String) -> String.Index? {
        let (part, all) = (Array(part.utf8), Array(text.utf8))
        guard all.count >= part.count else { return nil }
        for start in 0...(all.count - part.count) where all[start] == part[0] && all[start..<start + part.count].elementsEqual(part) {
            return text.utf8.index(text.startIndex, offsetBy: start)
        }
        return nil
    }
}
