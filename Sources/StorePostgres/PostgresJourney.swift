import CPostgres
import Kernel
import Store

/// Statements that are sent together. What a statement costs is mostly the way to the server and the wait for it: changes, whose answers
/// nobody needs, wait for the next question or for the commit and travel with it.
extension PostgresConnection {
    /// A prepared statement with its arguments.
    struct Step {
        let statement: Prepared
        let arguments: PostgresArguments
        var plan = SQLPlan.any
    }

    func step(_ sql: String, _ values: [Value] = [], _ plan: SQLPlan = .any) throws -> Step {
        Step(statement: try statement(sql, values.map(PostgresArguments.type)), arguments: try PostgresArguments(values), plan: plan)
    }

    func run(_ sql: String, rows: [[Value]]) throws {
        if rows.isEmpty { return }
        noteChange()
        try guarded {
            let types = PostgresConnection.types(of: rows)
            let rest = try types.map { try waitTogether(sql, rows, $0) } ?? rows[...]
            for row in rest {
                let statement = try statement(sql, types ?? row.map(PostgresArguments.type))
                try wait(Step(statement: statement, arguments: try PostgresArguments(row)))
            }
            if !gathersChanges { try sendWaiting() }
        }
    }

    /// Sends what waits and then the steps, reads all answers, and gives the last.
    @discardableResult func travel(_ steps: [Step]) throws -> PostgresResult {
        guard let last = try journey(steps).last else { throw SQLFailure(.lost, code: 0, message: "the server gave no answer") }
        return last
    }

    /// The same, giving the answers to all steps; the first failure is thrown when all were read.
    func journey(_ steps: [Step]) throws -> ArraySlice<PostgresResult> {
        let early = try takeWaiting() + planning(steps)
        let opening = opening
        self.opening = nil
        if opening == nil, early.isEmpty, steps.count == 1 {
            try send(steps[0])
            return [try checked(try link.result(deadline))]
        }
        let first = opening?.steps ?? []
        try link.check(PQenterPipelineMode(link.handle))
        for step in first { try send(step) }
        for step in early { try send(step) }
        for step in steps { try send(step) }
        try link.check(PQpipelineSync(link.handle))
        let all = try answers()
        try link.check(PQexitPipelineMode(link.handle))
        if let opening {
            try compare(opening, all.prefix(first.count))
            hasBegun = true
        }
        let answers = all.dropFirst(first.count)
        if let place = answers.firstIndex(where: \.isError) {
            if place < first.count + early.count { noteLateFailure() }
            try checked(answers[place])
        }
        return answers.dropFirst(early.count)
    }

    /// What has the database plan as the next questions want it; nothing where it does so already.
    private func planning(_ steps: [Step]) throws -> [Step] {
        guard let wanted = steps.first(where: { $0.plan != .any })?.plan, wanted != plan else { return [] }
        plan = wanted
        return [try step("SET plan_cache_mode = " + (wanted == .settled ? "force_generic_plan" : "auto"))]
    }

    /// Sends the changes that wait; nothing when there are none.
    func sendWaiting() throws { if hasWaiting || opening != nil { _ = try journey([]) } }

    /// One answer for each statement of a pipeline, up to its end.
    private func answers() throws -> [PostgresResult] {
        let deadline = deadline
        try link.flush(deadline)
        var answers: [PostgresResult] = []
        while true {
            // A nil ends the answer to one statement.
            guard let result = try link.next(deadline) else { continue }
            if result.status == PGRES_PIPELINE_SYNC { break }
            answers.append(result)
        }
        link.heard()
        return answers
    }

    private func send(_ step: Step) throws {
        let (statement, arguments) = (step.statement, step.arguments)
        try arguments.withPointers { pointers in
            try link.check(
                PQsendQueryPrepared(
                    link.handle, statement.name, Int32(arguments.count), pointers, arguments.lengths, arguments.formats, 1))
        }
    }

    /// Has rows of an insertion wait as few statements, each of as many rows as a power of two; gives the rows that are left.
    private func waitTogether(_ sql: String, _ rows: [[Value]], _ types: [UInt32]) throws -> ArraySlice<[Value]> {
        var rest = rows[...]
        guard rows.count > 1, let insertion = insertion(sql, types.count) else { return rest }
        while rest.count > 1 {
            let count = insertion.share(of: rest.count)
            if count < 2 { break }
            let statement = try statement(insertion.text(of: count), Array(repeatElement(types, count: count).joined()))
            try wait(Step(statement: statement, arguments: try PostgresArguments(Array(rest.prefix(count).joined()))))
            rest = rest.dropFirst(count)
        }
        return rest
    }

    /// The types that fit all rows; nil when a column has values of several.
    private static func types(of rows: [[Value]]) -> [UInt32]? {
        var types = rows[0].map(PostgresArguments.type)
        for row in rows.dropFirst() {
            for (index, value) in row.enumerated() {
                let type = PostgresArguments.type(of: value)
                if type == PostgresArguments.TypeId.unknown || type == types[index] { continue }
                guard types[index] == PostgresArguments.TypeId.unknown else { return nil }
                types[index] = type
            }
        }
        return types
    }
}
