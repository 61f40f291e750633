import JSON
import Kernel

/// A line of the trail, as people read it.
public struct AuditLine: Sendable {
    /// Its place in the trail.
    public let number: Int
    /// When it was.
    public let at: Instant?
    /// Who did it.
    public let userId: Int
    /// What happened.
    public let kind: String
    /// The records' model.
    public let model: String
    /// The records.
    public let ids: [Int]
    /// What changed, as JSON.
    public let detail: String
}

/// Which lines of the trail are wanted; nothing said means all.
public struct AuditQuery: Sendable {
    /// Only what this user did.
    public var userId: Int?
    /// Only this kind.
    public var kind: AuditEntry.Kind?
    /// Only records of this model.
    public var model: String?
    /// Only this record of the model.
    public var id: Int?
    /// Only lines before this number.
    public var before: Int?
    /// How many lines at most.
    public var limit = 100

    /// All lines, the newest first.
    public init() {}
}

extension Database {
    /// Lines of the trail, the newest first.
    public func auditLines(_ query: AuditQuery) async throws -> [AuditLine] {
        var conditions: [String] = []
        if let before = query.before { conditions.append("seq < \(before)") }
        if let user = query.userId { conditions.append("user_id = \(user)") }
        if let kind = query.kind { conditions.append("kind = '\(kind.rawValue)'") }
        // A model's name is one of the registry's: nothing else gets into the statement.
        if let model = query.model.flatMap(registry.model) {
            conditions.append("model = '\(model.name)'")
            if let id = query.id {
                let forms = ["[\(id)]", "[\(id),%", "%,\(id),%", "%,\(id)]"].map { "ids LIKE '\($0)'" }
                conditions.append("(\(forms.joined(separator: " OR ")))")
            }
        }
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let columns = "seq, at, user_id, kind, model, ids, detail"
        let sql = "SELECT \(columns) FROM baton_audit\(filter) ORDER BY seq DESC LIMIT \(max(1, query.limit))"
        return try await inspect { connection in
            let cells = try connection.query(sql, [], [.integer, .text, .integer, .text, .text, .text, .text])
            return stride(from: 0, to: cells.count - 6, by: 7).map { row in
                let ids = (try? JSON.parse(Array((cells[row + 5].textValue ?? "").utf8)))?.arrayValue ?? []
                return AuditLine(
                    number: cells[row].intValue ?? 0, at: Instant(cells[row + 1].textValue ?? ""), userId: cells[row + 2].intValue ?? 0,
                    kind: cells[row + 3].textValue ?? "", model: cells[row + 4].textValue ?? "", ids: ids.compactMap(\.intValue),
                    detail: cells[row + 6].textValue ?? "")
            }
        }
    }
}
