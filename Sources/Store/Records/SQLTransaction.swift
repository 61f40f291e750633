import Kernel

/// A unit of work's rows and links in a SQL database.
package final class SQLTransaction: RecordTransaction {
    /// The most ids that one statement names.
    static let chunk = 500
    /// How many lines of the trail are looked through for what changed in a record.
    static let trailDepth = 100_000

    package let isReadOnly: Bool
    let connection: any SQLConnection
    let registry: Registry
    let dialect: any SQLDialect
    let now: Instant
    package var stamps: ChangeStamps? { connection.stamps }
    /// How many entries were added to the trail.
    private(set) var audited = 0
    /// Whether jobs were put into queues.
    private(set) var hasJobs = false
    /// What is known from earlier transactions; nil for one that is to ask for itself.
    let memory: AnswerMemory?
    /// The models whose tables were written here, by index.
    private(set) var written: Set<Int> = []
    /// Whether links were written here.
    private(set) var hasWrittenLinks = false

    /// A transaction on a connection that has begun one.
    package init(
        _ connection: any SQLConnection, registry: Registry, dialect: any SQLDialect, now: Instant, isReadOnly: Bool,
        memory: AnswerMemory? = nil
    ) {
        self.memory = memory
        self.connection = connection
        self.registry = registry
        self.dialect = dialect
        self.now = now
        self.isReadOnly = isReadOnly
    }

    /// Refuses to write in a unit of work that only reads.
    func requireWriting(_ what: String) throws { if isReadOnly { throw Refusal.readOnly(what) } }

    func countAudited(_ entries: Int) { audited += entries }

    func noteJob() { hasJobs = true }

    func noteWriting(_ model: ModelSchema) { written.insert(model.index) }

    /// Of whoever made or changed records nothing is left in them when they are deleted, and of a company none of its values.
    func noteDeleting(_ model: ModelSchema) {
        noteWriting(model)
        for other in registry.marked(by: model) { noteWriting(other) }
    }

    func noteLinks() { hasWrittenLinks = true }

    /// Runs database calls, turning what the database says into refusals.
    @discardableResult func guarded<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let failure as SQLFailure { throw failure.refusal(registry) }
    }

    /// Runs the body for slices of a list that one statement can name.
    func inChunks(_ ids: [Int], _ body: (ArraySlice<Int>) throws -> Void) throws {
        guard ids.count > SQLTransaction.chunk else { return try body(ids[...]) }
        for start in stride(from: 0, to: ids.count, by: SQLTransaction.chunk) {
            try body(ids[start..<min(start + SQLTransaction.chunk, ids.count)])
        }
    }
}

extension SQLTransaction {
    package func fetch(_ model: ModelSchema, _ fields: [Field], ids: [Int]) throws -> FetchedRows {
        let forms = fields.map(\.form)
        if ids.count <= SQLTransaction.chunk { return try fetchChunk(model, fields, forms, ids[...]) }
        var found: [Int] = []
        var cells = ContiguousArray<Value>()
        try inChunks(ids) { slice in
            let rows = try fetchChunk(model, fields, forms, slice)
            found += rows.ids
            cells += rows.cells
        }
        return FetchedRows(ids: found, width: fields.count, cells: cells)
    }

    package func fetch(_ requests: [FetchRequest]) throws -> [FetchedRows] {
        guard requests.count > 1, requests.allSatisfy({ !$0.ids.isEmpty && $0.ids.count <= SQLTransaction.chunk }) else {
            return try requests.map { try fetch($0.model, $0.fields, ids: $0.ids) }
        }
        return try guarded { try connection.fetch(requests.map { question($0.model, $0.fields, $0.fields.map(\.form), $0.ids[...]) }) }
    }

    private func fetchChunk(_ model: ModelSchema, _ fields: [Field], _ forms: [ColumnForm], _ ids: ArraySlice<Int>) throws -> FetchedRows {
        guard !ids.isEmpty else { return FetchedRows(ids: [], width: fields.count, cells: []) }
        let question = question(model, fields, forms, ids)
        let isKept = memory != nil && ids.count <= AnswerMemory.idLimit && !fields.contains(where: \.isSecret)
        return try remembered(question, isKept ? counts(of: [model]) : nil)
    }

    private func question(_ model: ModelSchema, _ fields: [Field], _ forms: [ColumnForm], _ ids: ArraySlice<Int>) -> SQLQuestion {
        var sql = SQLCompiler(registry: registry, dialect: dialect)
        sql.text += "SELECT \"id\""
        for field in fields {
            sql.text += ", \""
            sql.text += field.name
            sql.text += "\""
        }
        sql.text += " FROM \"" + model.table + "\" WHERE "
        sql.member("\"id\"", ids.map { .int($0) }, .integer)
        return SQLQuestion(sql: sql.text, arguments: sql.arguments, forms: forms)
    }

    package func search(_ request: SearchRequest) throws -> FetchedRows {
        var sql = SQLCompiler(registry: registry, dialect: dialect)
        try sql.search(request)
        let forms = request.fields.map(\.form)
        let question = SQLQuestion(sql: sql.text, arguments: sql.arguments, forms: forms, plan: request.isSettled ? .settled : .open)
        return try remembered(question, counts(of: request))
    }

    package func count(_ model: ModelSchema, _ predicate: Predicate, limit: Int) throws -> Int {
        var sql = SQLCompiler(registry: registry, dialect: dialect)
        try sql.count(model, predicate, limit: limit)
        return try guarded { try connection.first(sql.text, sql.arguments, .integer)?.intValue ?? 0 }
    }

    package func group(_ request: GroupRequest) throws -> [[Value]] {
        var sql = SQLCompiler(registry: registry, dialect: dialect)
        var scan = sql
        if let scan = try scan.scan(request), let rows = try guarded({ try connection.group(scan) }) {
            return GroupOrder(request: request).page(rows)
        }
        let forms = try sql.group(request)
        let cells = try guarded { try connection.query(sql.text, sql.arguments, forms) }
        return stride(from: 0, to: cells.count, by: forms.count).map { Array(cells[$0..<$0 + forms.count]) }
    }
}
