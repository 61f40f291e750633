import Kernel

/// Builds one SQL statement: its text and the arguments of its placeholders, piece by piece.
struct SQLCompiler {
    /// The furthest that a tree is followed: deeper than any organisation, and an end for a tree that bites its tail.
    static let treeDepthLimit = 100
    /// Longer lists travel as one argument.
    static let inlineListLimit = 64

    let registry: Registry
    let dialect: any SQLDialect
    var text = ""
    var arguments: [Value] = []
    /// Set while a page in an indexed order is searched: conditions that most rows meet then leave the choice of the index to the order.
    var followsOrder = false
    private var aliases = 0

    init(registry: Registry, dialect: any SQLDialect) {
        self.registry = registry
        self.dialect = dialect
        text.reserveCapacity(1_024)
    }

    /// A fresh table alias.
    mutating func alias() -> String {
        defer { aliases += 1 }
        return "t" + String(aliases)
    }

    /// Adds an argument and its placeholder.
    mutating func bind(_ value: Value) {
        arguments.append(value)
        text += dialect.placeholder(arguments.count)
    }

    /// What a body adds, kept apart from the text; its arguments come before those that follow.
    mutating func aside(_ body: (inout SQLCompiler) throws -> Void) rethrows -> String {
        let before = text
        text = ""
        defer { text = before }
        try body(&self)
        return text
    }

    /// The SQL of a field's column, or of its value for a company.
    func column(_ field: Field, _ alias: String) -> String {
        guard let company = field.companyId else { return alias + ".\"" + field.name + "\"" }
        return companyValue(of: field, company, alias)
    }

    /// Adds a field's column.
    mutating func add(_ field: Field, _ alias: String) {
        text += alias
        text += ".\""
        text += field.name
        text += "\""
    }

    /// The SQL of a field's column in a condition.
    func condition(_ field: Field, _ alias: String) -> String {
        followsOrder && field.isWeak ? dialect.withoutIndex(column(field, alias)) : column(field, alias)
    }

    /// Adds `column IN (…)`; the list may have any length.
    mutating func member(_ column: String, _ values: [Value], _ form: ColumnForm) {
        switch values.count {
        case 0: text += dialect.literal(false)
        case 1:
            text += column + " = "
            bind(values[0])
        case ...SQLCompiler.inlineListLimit:
            text += column + " IN ("
            // Padded to few lengths, so that few statements are prepared.
            var count = 2
            while count < values.count { count *= 2 }
            for index in 0..<count {
                if index > 0 { text += ", " }
                bind(values[min(index, values.count - 1)])
            }
            text += ")"
        default:
            arguments.append(dialect.listArgument(values))
            text += dialect.isMember(column, dialect.placeholder(arguments.count), form)
        }
    }

    /// Adds `column IN (…)` for ids.
    mutating func member(_ column: String, ids: [Int]) { member(column, ids.map { .int($0) }, .integer) }
}

extension Field {
    /// Whether few different values are spread over many rows, so that an index on them finds no page quickly.
    var isWeak: Bool {
        switch kind {
        case .selection, .boolean: true
        case .many2one(let target, _): target == "res.company"
        default: false
        }
    }
}
