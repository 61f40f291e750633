import DMN
import FEEL

/// A decision table as a value: typed inputs, rules of S-FEEL cells, typed outputs, and what counts when several rules match.
///
/// Shape: cells are text, as people write them; `CompiledTable` reads them once. Rules are numbered from 1.
public struct DecisionTable: Sendable, Hashable {
    /// The name under which the table is asked for, also in messages.
    public var key: String
    /// What people call it.
    public var title: String
    /// What counts when several rules match.
    public var hitPolicy: DMNHitPolicy
    /// What collected outputs are put together to.
    public var aggregation: DMNAggregation?
    /// Whether every combination of inputs must have a rule; a gap then is an error.
    public var mustBeComplete: Bool
    /// What is asked.
    public var inputs: [DecisionInput]
    /// What is answered.
    public var outputs: [DecisionOutput]
    /// The rules, in order.
    public var rules: [DecisionRule]
    /// Cases that must come out as they say.
    public var tests: [DecisionTest]

    /// A table without rules.
    public init(key: String, title: String = "", hitPolicy: DMNHitPolicy = .unique, aggregation: DMNAggregation? = nil) {
        self.key = key
        self.title = title
        self.hitPolicy = hitPolicy
        self.aggregation = aggregation
        mustBeComplete = false
        inputs = []
        outputs = []
        rules = []
        tests = []
    }

    /// Whether the answer is a list of all that match.
    public var answersList: Bool {
        switch hitPolicy {
        case .collect: aggregation == nil
        case .ruleOrder, .outputOrder: true
        default: false
        }
    }
}

/// A column that is asked.
public struct DecisionInput: Sendable, Hashable {
    /// The name under which callers give the value.
    public var name: String
    /// What people call it.
    public var title: String
    /// What sort of value it takes.
    public var type: DecisionType
    /// The values that may occur, as unary tests; empty when all of the type may.
    public var values: String
    /// Whether nothing (`null`) may be given, too.
    public var isOptional: Bool

    /// A column by its parts.
    public init(_ name: String, _ type: DecisionType, title: String = "", values: String = "", isOptional: Bool = false) {
        self.name = name
        self.title = title
        self.type = type
        self.values = values
        self.isOptional = isOptional
    }
}

/// A column that answers.
public struct DecisionOutput: Sendable, Hashable {
    /// The name of the answer.
    public var name: String
    /// What people call it.
    public var title: String
    /// What sort of value it gives.
    public var type: DecisionType
    /// The values that may occur, the most important one first; empty when all of the type may.
    public var values: String
    /// The answer when no rule matches, as an expression; empty when there is none.
    public var defaultCell: String

    /// A column by its parts.
    public init(_ name: String, _ type: DecisionType, title: String = "", values: String = "", defaultCell: String = "") {
        self.name = name
        self.title = title
        self.type = type
        self.values = values
        self.defaultCell = defaultCell
    }
}

/// One rule: a cell for each column.
public struct DecisionRule: Sendable, Hashable {
    /// A name of its own, or empty.
    public var id: String
    /// Why the rule is there, as explanations repeat it.
    public var note: String
    /// Unary tests for each input.
    public var inputs: [String]
    /// An expression for each output.
    public var outputs: [String]

    /// A rule by its cells.
    public init(id: String = "", note: String = "", inputs: [String], outputs: [String]) {
        self.id = id
        self.note = note
        self.inputs = inputs
        self.outputs = outputs
    }
}

/// A case that must come out as it says.
public struct DecisionTest: Sendable, Hashable {
    /// What people call it.
    public var name: String
    /// The inputs by name.
    public var given: [String: FEELValue]
    /// What must come of them.
    public var expected: Expectation

    /// What must come of a case.
    public enum Expectation: Sendable, Hashable {
        /// This answer; only the outputs that are named are compared.
        case answer(ExpectedAnswer)
        /// A refusal with this code.
        case refusal(String)
    }

    /// The answer that a case expects.
    public enum ExpectedAnswer: Sendable, Hashable {
        /// No rule matches, and there is no default.
        case nothing
        /// One answer.
        case one([String: FEELValue])
        /// A list of answers, in order; the order of `collect` does not count.
        case many([[String: FEELValue]])
    }

    /// A case by its parts.
    public init(name: String, given: [String: FEELValue], expected: Expectation) {
        self.name = name
        self.given = given
        self.expected = expected
    }
}

/// How large a table may be.
public enum DecisionLimits {
    /// How many inputs a table has at most.
    public static let maxInputs = 30
    /// How many outputs a table has at most.
    public static let maxOutputs = 30
    /// How many rules a table has at most.
    public static let maxRules = 2_000
    /// How many cases a table has at most.
    public static let maxTests = 500
    /// How many bytes a title, name or note has at most.
    public static let maxTextBytes = 1_000
    /// How many steps the search for gaps takes at most before it says that it did not finish.
    public static let maxGapSteps = 100_000
    /// How many gaps, overlaps and unreachable rules are named at most, each.
    public static let maxFindings = 20
    /// How many problems of writing are named at most.
    public static let maxProblems = 50
}
