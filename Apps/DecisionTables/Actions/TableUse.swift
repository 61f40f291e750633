import Decisions
import Governance
import JSON
import Kernel

/// How an app asks a table about a record: what a draft of the table is held against past events with. An app offers one for each table.
public struct TableUse: Sendable {
    /// The definition's key.
    public let key: String
    /// The model of the records that it is asked about.
    public let model: String
    /// The fields whose writing lets the app ask again; making a record always does.
    public let fields: Set<String>
    /// Asks a version of the table about a record as it stands; nil where the app would not ask.
    public let ask: @Sendable (CompiledTable, Records) throws -> JSON?

    /// A table that is asked about records of a model.
    public init(
        _ key: String, model: String, fields: Set<String>, ask: @escaping @Sendable (CompiledTable, Records) throws -> JSON?
    ) {
        self.key = key
        self.model = model
        self.fields = fields
        self.ask = ask
    }
}

/// A version of a table, asked about records as they were.
struct TableReplay: Replay {
    private let table: CompiledTable
    private let use: TableUse

    init(_ table: CompiledTable, _ use: TableUse) {
        self.table = table
        self.use = use
    }

    var models: Set<String> { [use.model] }

    func concerns(_ event: PastEvent) -> Bool {
        event.model == use.model && (event.kind == .create || event.new.names.contains(where: use.fields.contains))
    }

    func answer(to event: PastEvent, in env: Environment) throws -> ReplayAnswer? {
        do { return try use.ask(table, env.records(use.model, [event.id])).map { ReplayAnswer($0) } } catch let refusal as Refusal
            where TableReplay.contradictions.contains(refusal.code)
        {
            return ReplayAnswer(["refused": .string(refusal.code)], conflicts: [refusal.message])
        }
    }

    /// What a table refuses when its rules contradict each other.
    private static let contradictions: Set<String> = ["decision.several_rules", "decision.rules_disagree"]
}

extension DecisionKind: ReplayableKind {
    func replay(_ subject: ReplaySubject, in env: Environment) throws -> any Replay {
        guard let use = env.registry.offered(as: TableUse.self).first(where: { $0.key == subject.key }) else {
            throw Refusal.notReplayable(subject.cause, because: "no app says what it asks this table, so that past events do not tell.")
        }
        do throws(DecisionProblems) {
            return TableReplay(try CompiledTable(try DecisionTable(key: subject.key, content: subject.content)), use)
        } catch { throw error.refusal }
    }
}
