/// A DMN document: decisions that are decision tables.
///
/// What else a document may hold (diagrams, requirements, extensions, other logic) is left out when reading, and named in `ignored`.
/// Source: OMG DMN 1.3, chapters 6 and 8, namespace `https://www.omg.org/spec/DMN/20191111/MODEL/`.
public struct DMNDocument: Sendable, Hashable {
    /// The document's id, when it has one.
    public var id: String
    /// The document's name.
    public var name: String
    /// The namespace of what it defines.
    public var namespace: String
    /// The decisions that are decision tables, in order.
    public var decisions: [DMNDecision]
    /// The names of DMN's elements that were met and left out, each once.
    public var ignored: [String] = []

    /// A document of these decisions.
    public init(id: String = "", name: String, namespace: String, decisions: [DMNDecision]) {
        self.id = id
        self.name = name
        self.namespace = namespace
        self.decisions = decisions
    }
}

/// One decision with its table.
public struct DMNDecision: Sendable, Hashable {
    /// The decision's id, when it has one.
    public var id: String
    /// The decision's name.
    public var name: String
    /// What it is for.
    public var description: String
    /// The question that it answers.
    public var question: String
    /// The table that answers it.
    public var table: DMNTable

    /// A decision by a table.
    public init(id: String = "", name: String, description: String = "", question: String = "", table: DMNTable) {
        self.id = id
        self.name = name
        self.description = description
        self.question = question
        self.table = table
    }
}

/// What counts when several rules match.
public enum DMNHitPolicy: String, Sendable, Hashable, CaseIterable {
    case unique = "UNIQUE", any = "ANY", priority = "PRIORITY", first = "FIRST"
    case collect = "COLLECT", ruleOrder = "RULE ORDER", outputOrder = "OUTPUT ORDER"

    /// The letter that tables show.
    public var letter: String { String(rawValue.prefix(1)) }
}

/// What the collected outputs are put together to.
public enum DMNAggregation: String, Sendable, Hashable, CaseIterable {
    case sum = "SUM", min = "MIN", max = "MAX", count = "COUNT"

    /// The sign that tables show behind the `C`.
    public var sign: String {
        switch self {
        case .sum: "+"
        case .min: "<"
        case .max: ">"
        case .count: "#"
        }
    }
}

/// A decision table as DMN writes it: all cells are text.
public struct DMNTable: Sendable, Hashable {
    /// The table's id, when it has one.
    public var id = ""
    /// What counts when several rules match.
    public var hitPolicy = DMNHitPolicy.unique
    /// What collected outputs are put together to.
    public var aggregation: DMNAggregation?
    /// The columns that are asked.
    public var inputs: [DMNInput] = []
    /// The columns that answer.
    public var outputs: [DMNOutput] = []
    /// The names of the columns of remarks.
    public var annotations: [String] = []
    /// The rules, in order.
    public var rules: [DMNRule] = []

    /// An empty table.
    public init() {}
}

/// A column that is asked.
public struct DMNInput: Sendable, Hashable {
    /// The column's id, when it has one.
    public var id: String
    /// What the column is called.
    public var label: String
    /// What is tested: mostly a name.
    public var expression: String
    /// The type as written, for example `string`.
    public var typeRef: String
    /// The values that may occur, as unary tests; empty when all may.
    public var values: String

    /// A column by its parts.
    public init(id: String = "", label: String = "", expression: String, typeRef: String = "", values: String = "") {
        self.id = id
        self.label = label
        self.expression = expression
        self.typeRef = typeRef
        self.values = values
    }
}

/// A column that answers.
public struct DMNOutput: Sendable, Hashable {
    /// The column's id, when it has one.
    public var id: String
    /// The name of the answer; may be empty when there is one column only.
    public var name: String
    /// What the column is called.
    public var label: String
    /// The type as written, for example `string`.
    public var typeRef: String
    /// The values that may occur, the most important one first; empty when all may.
    public var values: String
    /// The answer when no rule matches; empty when there is none.
    public var defaultEntry: String

    /// A column by its parts.
    public init(id: String = "", name: String, label: String = "", typeRef: String = "", values: String = "", defaultEntry: String = "") {
        self.id = id
        self.name = name
        self.label = label
        self.typeRef = typeRef
        self.values = values
        self.defaultEntry = defaultEntry
    }
}

/// One rule: a cell for each column.
public struct DMNRule: Sendable, Hashable {
    /// The rule's id, when it has one.
    public var id: String
    /// What the rule is for.
    public var description: String
    /// A cell of unary tests for each input.
    public var inputs: [String]
    /// A cell with an expression for each output.
    public var outputs: [String]
    /// A remark for each column of remarks; may be fewer.
    public var annotations: [String]

    /// A rule by its cells.
    public init(id: String = "", description: String = "", inputs: [String], outputs: [String], annotations: [String] = []) {
        self.id = id
        self.description = description
        self.inputs = inputs
        self.outputs = outputs
        self.annotations = annotations
    }
}
