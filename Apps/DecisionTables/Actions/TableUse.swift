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
    /// Other models whose events let the app ask again, with the fields that count.
    public let others: [String: Set<String>]
    /// The record about which an event of another model lets the app ask.
    public let subject: Subject
    /// Asks a version of the table about a record as it stood right after an event; nil where the app would not ask.
    public let ask: Asking

    /// Finds the record that an event is about.
    public typealias Subject = @Sendable (PastEvent, Environment) throws -> Records?
    /// Asks a version of the table.
    public typealias Asking = @Sendable (CompiledTable, Records, PastEvent) throws -> JSON?

    /// A table that is asked about records of a model.
    public init(
        _ key: String, model: String, fields: Set<String>, others: [String: Set<String>] = [:],
        subject: @escaping Subject = { _, _ in nil }, ask: @escaping Asking
    ) {
        self.key = key
        self.model = model
        self.fields = fields
        self.others = others
        self.subject = subject
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

    var models: Set<String> { Set(use.others.keys).union([use.model]) }

    func concerns(_ event: PastEvent) -> Bool {
        guard let fields = event.model == use.model ? use.fields : use.others[event.model] else { return false }
        return event.kind == .create || event.new.names.contains(where: fields.contains)
    }

    func subject(of event: PastEvent, in env: Environment) throws -> Records? {
        event.model == use.model ? try env.records(event.model, [event.id]) : try use.subject(event, env)
    }

    func answer(to event: PastEvent, in env: Environment) throws -> ReplayAnswer? {
        guard let record = try subject(of: event, in: env) else { return nil }
        do { return try use.ask(table, record, event).map { ReplayAnswer($0) } } catch let refusal as Refusal
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
