/// A set of field slots of one model, as bits.
struct SlotSet: Hashable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    mutating func insert(_ slot: Int) {
        let bit: UInt64 = 1 << UInt64(slot & 63)
        switch slot >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    func contains(_ slot: Int) -> Bool {
        let word =
            switch slot >> 6 {
            case 0: words.0
            case 1: words.1
            case 2: words.2
            default: words.3
            }
        return word & (1 << UInt64(slot & 63)) != 0
    }

    mutating func formUnion(_ other: SlotSet) {
        words.0 |= other.words.0
        words.1 |= other.words.1
        words.2 |= other.words.2
        words.3 |= other.words.3
    }

    static func == (left: SlotSet, right: SlotSet) -> Bool { left.words == right.words }

    func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

/// What a unit of work has yet to write or to compute.
struct PendingChanges {
    /// New records in the order of their making, by model index.
    var inserts: [(model: Int, ids: [Int])] = []
    var newIds: [Int: Set<Int>] = [:]
    /// Changed slots of stored records, by model index.
    var updates: [Int: [Int: SlotSet]] = [:]
    /// Records whose stored computed field must be found again, by model index and slot.
    var computations: [ComputationKey: OrderedIds] = [:]
    /// What stored computed values were before they had to be found again, where somebody wants to know.
    var before: [ComputationKey: [Int: ValueBefore]] = [:]
    /// Stored computed values that changed and are still to be told of.
    var computed: [ComputedChange] = []

    var isEmpty: Bool { inserts.isEmpty && updates.isEmpty && computations.isEmpty }

    func isNew(_ id: Int, in model: Int) -> Bool { newIds[model]?.contains(id) ?? false }

    mutating func addInsert(_ ids: [Int], model: Int) {
        if let last = inserts.last, last.model == model { inserts[inserts.count - 1].ids += ids } else { inserts.append((model, ids)) }
        newIds[model, default: []].formUnion(ids)
    }

    mutating func addUpdate(_ slot: Int, of id: Int, model: Int) {
        if isNew(id, in: model) { return }
        updates[model, default: [:]][id, default: SlotSet()].insert(slot)
    }

    mutating func forget(_ ids: [Int], model: Int) {
        for id in ids { updates[model]?[id] = nil }
        for key in Array(computations.keys) where key.model == model { computations[key]?.remove(ids) }
        if computed.isEmpty { return }
        let gone = Set(ids)
        computed.removeAll { $0.model.index == model && gone.contains($0.change.id) }
    }
}

/// Which stored computed field of which model.
struct ComputationKey: Hashable {
    let model: Int
    let slot: Int
}

/// Ids without repetition, in the order in which they came.
struct OrderedIds {
    private(set) var list: [Int] = []
    private var known: Set<Int> = []

    var isEmpty: Bool { known.isEmpty }

    func contains(_ id: Int) -> Bool { known.contains(id) }

    /// Adds ids and gives those that are new.
    mutating func add(_ ids: [Int]) -> [Int] {
        var added: [Int] = []
        for id in ids where known.insert(id).inserted { added.append(id) }
        list += added
        return added
    }

    mutating func remove(_ ids: [Int]) {
        let gone = Set(ids)
        known.subtract(gone)
        list.removeAll(where: gone.contains)
    }
}
