/// A loop's connections by number. A number is never used twice, so that a late message finds nothing.
struct ConnectionTable {
    private var slots: [Connection?] = []
    private var free: [Int] = []
    private var generation: UInt64 = 0

    /// The half of a number that tells the slot.
    private static let slotBits: UInt64 = 24

    var isEmpty: Bool { free.count == slots.count }

    subscript(_ id: UInt64) -> Connection? {
        let slot = Int(id & (1 << Self.slotBits - 1))
        guard slot < slots.count, let connection = slots[slot], connection.id == id else { return nil }
        return connection
    }

    mutating func add(_ make: (UInt64) -> Connection) -> Connection {
        let slot = free.popLast() ?? slots.count
        precondition(slot < 1 << Self.slotBits, "A loop has more connections than numbers.")
        generation += 1
        // The two greatest generations belong to the waker and the listener; 2^40 connections are never reached.
        let connection = make(generation << Self.slotBits | UInt64(slot))
        if slot == slots.count { slots.append(connection) } else { slots[slot] = connection }
        return connection
    }

    mutating func remove(_ id: UInt64) {
        guard self[id] != nil else { return }
        let slot = Int(id & (1 << Self.slotBits - 1))
        slots[slot] = nil
        free.append(slot)
    }

    /// Visits the connections that are there now; `body` may close them.
    func forEach(_ body: (Connection) -> Void) { for connection in slots { if let connection { body(connection) } } }
}
