import JSON
import Kernel

/// A change of records that is committed, as the trail has it: for whoever follows what happens, on whatever node it happened.
public struct CommittedChange: Sendable, Hashable {
    /// The trail's number; numbers rise in the order of commits.
    public let number: Int
    /// What happened: `create`, `write`, `unlink` or `action`.
    public let kind: AuditEntry.Kind
    /// The model.
    public let model: String
    /// The records.
    public let ids: [Int]

    /// A change.
    public init(number: Int, kind: AuditEntry.Kind, model: String, ids: [Int]) {
        self.number = number
        self.kind = kind
        self.model = model
        self.ids = ids
    }
}

extension Database {
    /// The number of the trail's last entry; 0 when there is none.
    public func lastChange() async throws -> Int {
        try await inspect { try $0.first("SELECT seq FROM baton_audit ORDER BY seq DESC LIMIT 1", [], .integer)?.intValue ?? 0 }
    }

    /// Changes after a number, the oldest first, and the number up to which the trail was read.
    public func changes(after number: Int, limit: Int) async throws -> (changes: [CommittedChange], upTo: Int) {
        let sql = "SELECT seq, kind, model, ids FROM baton_audit WHERE seq > \(number) ORDER BY seq LIMIT \(limit)"
        return try await inspect { connection in
            let cells = try connection.query(sql, [], [.integer, .text, .text, .text])
            var changes: [CommittedChange] = []
            var last = number
            for row in stride(from: 0, to: cells.count - 3, by: 4) {
                guard let seq = cells[row].intValue, let name = cells[row + 1].textValue else { continue }
                last = seq
                guard let kind = AuditEntry.Kind(rawValue: name), [.create, .write, .unlink, .action].contains(kind),
                    let model = cells[row + 2].textValue
                else { continue }
                changes.append(CommittedChange(number: seq, kind: kind, model: model, ids: Database.ids(cells[row + 3].textValue ?? "")))
            }
            return (changes, last)
        }
    }

    private static func ids(_ text: String) -> [Int] {
        let list = (try? JSON.parse(Array(text.utf8)))?.arrayValue ?? []
        return list.compactMap(\.intValue)
    }
}
