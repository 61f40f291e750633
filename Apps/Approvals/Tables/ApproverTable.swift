import Base
import DecisionTables
import Decisions
import JSON
import Kernel

/// Steps of a chain that a decision table answers for a record.
///
/// Shape of an answer: `kind` (users, group, manager, field) and `who` (logins, a group's external id, a path), and where the table has them
/// `name`, `sequence`, `quorum`, `deadline` (hours), `meaning` and `escalation` (a login). Without `sequence` the answers follow one another.
struct ApproverTable {
    /// The outputs that a table may have, and those that it must.
    static let outputs: [String: [DecisionType]] = [
        "kind": [.string], "who": [.string], "name": [.string], "sequence": [.integer, .number], "quorum": [.integer, .number],
        "deadline": [.integer, .number], "meaning": [.string], "escalation": [.string],
    ]
    static let neededOutputs = ["kind", "who"]

    private let step: PolicyRow.Step
    private let policy: String
    private let record: Records
    private let compiled: CompiledTable
    /// The version that was asked.
    private let cause: String

    /// The table in force for a record's site.
    ///
    /// - Parameter record: With the eyes of the machine.
    /// - Throws: `approval.table`.
    init(_ step: PolicyRow.Step, policy: String, record: Records) throws {
        self.step = step
        self.policy = policy
        self.record = record
        do {
            let company = try Seating.company(of: record)
            (compiled, cause) = try DecisionTables.table(step.table, in: record.env, company: company)
        } catch let refusal as Refusal {
            throw Refusal.table(policy, step.table, row: 0, refusal.message, refusal.instruction)
        }
    }

    /// The steps, and how they were found.
    ///
    /// - Throws: `approval.no_approver`, `approval.table`, `approval.unknown_approver`, each with table, row and remedy.
    func steps() throws -> (steps: [PolicyRow.Step], source: JSON) {
        let inputs: ValueMap
        let outcome: DecisionOutcome
        do {
            inputs = try RecordInputs(step.inputs).values(for: compiled.table, of: record)
            outcome = try compiled.evaluate(fields: inputs)
        } catch let refusal as Refusal { throw Refusal.table(policy, cause, row: 0, refusal.message, refusal.instruction) }
        let answers = outcome.answers.map { $0.mapValues(\.fieldValue) }
        guard !answers.isEmpty else { throw Refusal.emptyChain(policy, cause, inputs) }
        guard answers.count <= PolicyCheck.stepLimit else { throw Refusal.tooManySteps() }
        let steps = try answers.enumerated().map { place, answer in
            try ApproverAnswer(
                answer, row: outcome.used.indices.contains(place) ? outcome.used[place] : 0, place: place, table: cause, policy: policy,
                base: step
            ).step(record)
        }
        let shown = inputs.entries.map { JSONObject.Member(key: $0.name, value: $0.value.asJSON) }
        return (
            steps,
            [
                "step": .string(step.name), "version": .string(cause), "inputs": .object(JSONObject(shown)),
                "rows": .array(outcome.used.map { JSON($0) }), "text": .string(outcome.explanation),
            ]
        )
    }
}

/// One answer of a table on its way to a step.
struct ApproverAnswer {
    private let answer: [String: Value]
    private let row: Int
    private let place: Int
    private let table: String
    private let policy: String
    private let base: PolicyRow.Step

    init(_ answer: [String: Value], row: Int, place: Int, table: String, policy: String, base: PolicyRow.Step) {
        self.answer = answer
        self.row = row
        self.place = place
        self.table = table
        self.policy = policy
        self.base = base
    }

    func step(_ record: Records) throws -> PolicyRow.Step {
        let who = text("who")
        guard let kind = PolicyStep.Kind(rawValue: text("kind")), kind != .table else {
            throw refusal("kind", "its kind '\(text("kind"))' is none", "Write users, group, manager or field there.")
        }
        var step = PolicyRow.Step(
            order: try number("sequence") ?? place, name: text("name").isEmpty ? "\(base.name) \(place + 1)" : text("name"), kind: kind,
            quorum: try number("quorum") ?? 1, meaning: try meaning(), hours: try number("deadline") ?? base.hours,
            escalation: text("escalation").isEmpty ? base.escalation : try user(text("escalation"), "escalation", record.env))
        step.origin = row > 0 ? "row \(row) of \(table)" : "the defaults of \(table)"
        switch kind {
        case .users: step.users = try PolicyRow.names(who).map { try user($0, "who", record.env) }
        case .group: step.group = try group(who, record.env)
        case .field:
            step.path = who
            do { try PolicyCheck.checkPath(who, from: record.model, record.env) } catch let refusal as Refusal {
                throw unknown("who", refusal.message)
            }
        case .manager, .table: break
        }
        return step
    }

    private func text(_ name: String) -> String { answer[name]?.textValue ?? "" }

    private func number(_ name: String) throws -> Int? {
        switch answer[name] {
        case nil, .null: return nil
        case .int(let number) where number >= 0 && number <= 100_000: return number
        default: throw refusal(name, "'\(name)' is no whole number from 0 on", "Write one there.")
        }
    }

    private func meaning() throws -> Meaning {
        if text("meaning").isEmpty { return base.meaning }
        guard let meaning = Meaning(rawValue: text("meaning")) else {
            throw refusal("meaning", "there is no meaning '\(text("meaning"))'", "Write approval, review, responsibility or authorship.")
        }
        return meaning
    }

    private func user(_ login: String, _ column: String, _ env: Environment) throws -> Int {
        guard let id = try env.search(User.self, .where("login", .equal, .text(login)), limit: 1).first?.id else {
            throw unknown(column, "there is no active user '\(login)'")
        }
        return id
    }

    private func group(_ externalId: String, _ env: Environment) throws -> Int {
        guard let id = try Reference.find(externalId, env), try !env.existing([id], in: env.registry.schema(Group.self)).isEmpty else {
            throw unknown("who", "there is no group '\(externalId)'")
        }
        return id
    }

    private func refusal(_ column: String, _ what: String, _ remedy: String) -> Refusal {
        Refusal.table(policy, table, row: row, column: column, what, remedy)
    }

    private func unknown(_ column: String, _ what: String) -> Refusal {
        Refusal.unknownApprover(policy, table, row: row, column: column, what)
    }
}
