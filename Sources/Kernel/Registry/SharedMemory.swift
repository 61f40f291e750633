/// What is remembered of a database between units of work, until a commit changes a model that it was made from.
///
/// One per database; whoever reads through `Environment.remembered` sees what their own unit of work sees, never something older.
public final class SharedMemory: Sendable {
    /// Things that are remembered; with more, all are forgotten.
    public static let limit = 10_000

    fileprivate struct Entry {
        let content: any Sendable
        let models: [String]
        /// How often each model had been changed, where several processes share the database.
        var stamps: [Int] = []
    }

    fileprivate struct State {
        var entries: [String: Entry] = [:]
        /// The keys of what was made from a model.
        var keys: [String: Set<String>] = [:]
        /// The generation in which a model was changed last.
        var changed: [String: Int] = [:]
        /// What was begun before is not kept: the models themselves changed.
        var floor = 0
        /// Models that were changed by units of work which ran and whose commit is not on disk yet.
        var waiting: [String: Int] = [:]
        /// Models that something was made from and whose changes are not counted yet.
        var wishes: Set<String> = []
        /// Rises whenever something is forgotten.
        var generation = 0
    }
    private let state = Locked(State())

    /// A memory with nothing in it.
    public init() {}

    /// The present generation; what was made from a snapshot older than the next one is not kept.
    package var generation: Int { state.withLock { $0.generation } }

    /// A unit of work has run and waits for its commit: what it changed is read anew until then.
    package func begin(_ models: [String]) {
        if models.isEmpty { return }
        state.withLock { state in for model in models { state.waiting[model, default: 0] += 1 } }
    }

    /// The commit stands, or was given up.
    package func end(_ models: [String]) {
        if models.isEmpty { return }
        state.withLock { state in
            for model in models {
                let rest = (state.waiting[model] ?? 1) - 1
                state.waiting[model] = rest > 0 ? rest : nil
            }
            state.generation += 1
            for model in models { state.forget(model) }
        }
    }

    /// Forgets everything: the models themselves changed.
    package func forget() {
        state.withLock { state in
            state.generation += 1
            state.floor = state.generation
            state.empty()
        }
    }

    /// What was made when the models had been changed as often as now.
    func find(_ key: String, _ stamps: [Int]) -> (any Sendable)? {
        state.withLock { state in
            guard let entry = state.entries[key], entry.stamps == stamps else { return nil }
            return entry.content
        }
    }

    func keep(_ content: any Sendable, _ key: String, _ models: [String], stamps: [Int]) {
        state.withLock { state in
            if state.entries.count >= SharedMemory.limit { state.empty() }
            state.entries[key] = Entry(content: content, models: models, stamps: stamps)
        }
    }

    func wish(_ models: [String]) { state.withLock { $0.wishes.formUnion(models) } }

    /// Models whose changes somebody wants counted, each time told once.
    package func takeWishes() -> Set<String> {
        state.withLock { state in
            defer { state.wishes = [] }
            return state.wishes
        }
    }

    func find(_ key: String) -> (any Sendable)? {
        state.withLock { state -> (any Sendable)? in
            guard let entry = state.entries[key] else { return nil }
            return state.isFresh(entry.models) ? entry.content : nil
        }
    }

    func keep(_ content: any Sendable, _ key: String, _ models: [String], since generation: Int) {
        state.withLock { state in
            guard state.isUnchanged(models, since: generation), state.isFresh(models) else { return }
            if state.entries.count >= SharedMemory.limit { state.empty() }
            state.entries[key] = Entry(content: content, models: models)
            for model in models { state.keys[model, default: []].insert(key) }
        }
    }
}

extension SharedMemory.State {
    func isFresh(_ models: [String]) -> Bool { waiting.isEmpty || !models.contains { waiting[$0] != nil } }

    func isUnchanged(_ models: [String], since generation: Int) -> Bool {
        generation >= floor && !models.contains { changed[$0, default: 0] > generation }
    }

    mutating func empty() {
        entries.removeAll()
        keys.removeAll()
    }

    /// Forgets what was made from a model.
    mutating func forget(_ model: String) {
        changed[model] = generation
        for key in keys.removeValue(forKey: model) ?? [] {
            for other in entries.removeValue(forKey: key)?.models ?? [] where other != model { keys[other]?.remove(key) }
        }
    }
}

extension Environment {
    /// A value made once from records and remembered for everybody until a commit changes one of the models that it was made from.
    ///
    /// - Parameters:
    ///   - key: Its name, with whatever it depends on besides the records.
    ///   - models: Everything that the closure reads.
    ///   - make: Makes it with the eyes of the machine; it must not depend on who asks.
    public func remembered<Content: Sendable>(
        _ key: String, from models: [String], _ make: (Environment) throws -> Content
    ) throws -> Content {
        if let stamps = unit.transaction.stamps { return try counted(key, models, stamps, make) }
        let isOwn = !unit.touchedModels.isEmpty && models.contains { unit.hasTouched($0) }
        // Kept in a box: an absent value would otherwise pass for an optional that is known to be nil.
        if !isOwn, let known = unit.memory.remembered.find(key) as? Remembered<Content> { return known.content }
        let content = try make(Environment(unit: unit, user: .system, isSuperuser: true))
        if !isOwn, !models.contains(where: { unit.hasTouched($0) }) {
            unit.memory.remembered.keep(Remembered(content: content), key, models, since: unit.generation)
        }
        return content
    }
}

extension Environment {
    /// The same where several processes share the database: what is remembered holds for whoever sees the models changed as often.
    private func counted<Content: Sendable>(
        _ key: String, _ models: [String], _ stamps: ChangeStamps, _ make: (Environment) throws -> Content
    ) throws -> Content {
        let memory = unit.memory.remembered
        let counts = models.contains { unit.hasTouched($0) } ? nil : stamps.counts(of: models)
        if let counts, let known = memory.find(key, counts) as? Remembered<Content> { return known.content }
        if !stamps.counted.isSuperset(of: models) { memory.wish(models) }
        let content = try make(Environment(unit: unit, user: .system, isSuperuser: true))
        if let counts, !models.contains(where: { unit.hasTouched($0) }) {
            memory.keep(Remembered(content: content), key, models, stamps: counts)
        }
        return content
    }
}

/// What was made once, whatever its type says of absence.
private struct Remembered<Content: Sendable>: Sendable {
    let content: Content
}

extension UnitOfWork {
    /// Whether this unit of work has written records of a model.
    func hasTouched(_ name: String) -> Bool { registry.modelsByName[name].map { touchedModels.contains($0.index) } ?? false }
}
