import Kernel

/// The queue as a desk shows it: one row for each cause.
enum ExceptionDesk {
    /// The most open exceptions that are counted; the oldest deadlines first.
    static let limit = 10_000
    /// The most owners that a row names.
    static let ownerLimit = 10

    /// What is open of one cause.
    struct Row {
        let cause: String
        let kind: String
        var title = ""
        var remedy = ""
        var ids: [Int] = []
        var waiting = 0
        var overdue = 0
        var occurrences = 0
        var oldest: Instant?
        var owners: [Int: Int] = [:]
        var canRetry = false

        var values: ValueMap {
            let most = owners.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(ExceptionDesk.ownerLimit)
            return [
                "cause": .text(cause), "kind": .text(kind), "title": .text(title), "remedy": .text(remedy), "count": .int(ids.count),
                "not_taken": .int(waiting), "overdue": .int(overdue), "occurrences": .int(occurrences),
                "oldest": oldest.map { .instant($0) } ?? .null,
                "owners": .list(most.map { ["user_id": .int($0.key), "count": .int($0.value)] }), "can_retry": .bool(canRetry),
                "ids": .ids(Array(ids.prefix(ExceptionActions.bulkLimit))),
            ]
        }
    }

    /// The open exceptions that the user may see, those with the most of one cause first.
    static func rows(in env: Environment) throws -> [Row] {
        var rows: [String: Row] = [:]
        for item in try env.search(ExceptionCase.self, .where("state", .in, ["open", "in_progress"]), order: "deadline, id", limit: limit) {
            var row = rows[item.cause] ?? Row(cause: item.cause, kind: item.kind)
            if row.ids.isEmpty {
                row.title = item.displayedName
                row.remedy = item.remedy
            }
            row.ids.append(item.id)
            if item.state == .open { row.waiting += 1 }
            if let deadline = item.deadline, deadline < env.now { row.overdue += 1 }
            row.occurrences += item.occurrences
            row.oldest = min(row.oldest ?? env.now, item.createdOn ?? env.now)
            if let owner = item.user { row.owners[owner.id, default: 0] += 1 }
            if !row.canRetry { row.canRetry = ExceptionRetry.find(item.source, in: env) != nil }
            rows[item.cause] = row
        }
        return rows.values.sorted { ($0.ids.count, $1.cause) > ($1.ids.count, $0.cause) }
    }
}
