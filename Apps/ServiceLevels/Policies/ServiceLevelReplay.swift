import Clocks
import Governance
import JSON
import Kernel

extension ServiceLevelKind: ReplayableKind {
    func replay(_ subject: ReplaySubject, in env: Environment) throws -> any Replay {
        let content = try PolicyContent(subject.content, key: subject.key)
        try content.check(env)
        return try ServiceLevelReplay(content, try env.registry.requireModel(content.model), env)
    }
}

/// A version of a service level, held against what happened to records: where its clock would stand after each event, and whether what was done
/// in time would still have been.
///
/// Shape of an answer: `clock` (none, runs, rests, kept, void), and where there is one `minutes`, `by` (the table's version) and, when the record
/// is done, `broken`: more working minutes had passed than this version promises, as the record's real clock measured them.
struct ServiceLevelReplay: Replay {
    let models: Set<String>
    private let key: String
    private let start: PolicyCondition
    private let pause, stop, void: PolicyCondition?
    private let companies: Set<Int>
    private let promise: PromiseSource
    private let names: Set<String>

    init(_ content: PolicyContent, _ model: ModelSchema, _ env: Environment) throws {
        func condition(_ part: String) throws -> PolicyCondition? {
            let text = content.domains[part] ?? ""
            return text.isEmpty ? nil : try PolicyCondition(text, of: model, env)
        }
        models = [model.name]
        key = content.key
        start = try PolicyCondition(content.domains["start"] ?? "", of: model, env)
        (pause, stop, void) = (try condition("pause"), try condition("stop"), try condition("void"))
        companies = Set(try content.values(env)["company_ids"]?.listValue?.first?.listValue?.last?.idList ?? [])
        promise = PromiseSource(
            name: content.name, key: content.key, minutes: content.target, warn: content.warn, table: content.table, inputs: content.inputs)
        let slots = [start, pause, stop, void].compactMap { $0?.fields }.reduce(into: Set(promise.fields(model, env))) { $0.formUnion($1) }
        names = Set(model.fields.filter { slots.contains($0.slot) }.map(\.name))
    }

    func concerns(_ event: PastEvent) -> Bool {
        models.contains(event.model) && (event.kind == .create || event.new.names.contains(where: names.contains))
    }

    func answer(to event: PastEvent, in env: Environment) throws -> ReplayAnswer? {
        let record = Records(try env.registry.requireModel(event.model), [event.id], env)
        let company = try ClockJudge.company(of: record)
        guard companies.isEmpty || company.map(companies.contains) ?? false else { return nil }
        func holds(_ condition: PolicyCondition?) throws -> Bool? { try condition?.holds(event.id, record.model, env) }
        let isStarted = try holds(start) ?? false
        let isDone = try holds(stop) ?? !isStarted
        let isVoid = try holds(void) ?? false
        let rests = try holds(pause) ?? false
        var conflicts: [String] = []
        if isStarted, isDone, stop != nil { conflicts.append("start and stop hold at once") }
        if isStarted, isVoid { conflicts.append("start and void hold at once") }
        guard isStarted || isDone || isVoid else { return ReplayAnswer(["clock": "none"], conflicts: conflicts) }
        if isVoid { return ReplayAnswer(["clock": "void"], conflicts: conflicts) }
        let promise = try promise.asked(record, company)
        var outcome: JSONObject = [
            "clock": .string(isDone ? "kept" : rests ? "rests" : "runs"), "minutes": JSON(promise.minutes), "by": .string(promise.decision),
        ]
        if isDone {
            // What was never started was never promised.
            guard let elapsed = try elapsed(record, at: event.moment) else { return nil }
            outcome["broken"] = .bool(elapsed > promise.minutes)
        }
        return ReplayAnswer(.object(outcome), conflicts: conflicts)
    }

    /// The working minutes that the record's real clock of this key had measured by a moment; nil when it had none.
    private func elapsed(_ record: Records, at moment: Instant) throws -> Int? {
        let own =
            Domain.where("res_model", .equal, .text(record.model.name)) & .where("res_id", .in, .ids(record.ids))
            & .where("policy_key", .equal, .text(key)) & .where("started_at", .lessOrEqual, .instant(moment))
        guard let clock = try record.env.search(Clock.self, own, order: "started_at desc, id desc", limit: 1).first else { return nil }
        let reader = ClockReader(clock)
        return try reader.folded(try reader.events().filter { $0.at.map { $0 <= moment } ?? false }).reading(at: moment).elapsedMinutes
    }
}
