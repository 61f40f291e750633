import Kernel

/// What a database said when it did not do something.
public struct SQLFailure: Error, Sendable {
    /// Sorts of failures, as far as the store can do something about it.
    public enum Kind: Sendable, Hashable {
        /// A combination exists already: in these columns of this table, or under this constraint's name.
        case unique(table: String, columns: [String], constraint: String)
        case foreignKey, full, busy, corrupt, readOnly, other
        /// Others changed the same at the same time; done again it may succeed.
        case conflict
        /// The database cannot be reached, or did not answer in time.
        case lost
        /// A text holds what the database cannot keep.
        case badText
    }

    /// What sort of failure it is.
    public let kind: Kind
    /// The database's own number.
    public let code: Int
    /// The database's own words; may name tables and columns, holds no values.
    public let message: String

    /// A failure.
    public init(_ kind: Kind, code: Int, message: String) {
        self.kind = kind
        self.code = code
        self.message = message
    }

    /// The refusal that people and programs see.
    public func refusal(_ registry: Registry?) -> Refusal {
        switch kind {
        case .unique(let table, let columns, let constraint): return duplicate(table, columns, constraint, registry)
        case .foreignKey: return .brokenLink()
        case .full: return .full()
        case .busy: return .busy("The database is locked by another program.")
        case .corrupt: return .corrupt(message)
        case .readOnly: return .readOnly("This change")
        case .conflict: return .contended()
        case .lost: return .unreachable(message)
        case .badText: return .badText()
        case .other: return Refusal("store.failed", .internalFault, "The database refused a statement (\(code)): \(message).")
        }
    }

    private func duplicate(_ table: String, _ columns: [String], _ constraint: String, _ registry: Registry?) -> Refusal {
        guard let model = registry?.models.first(where: { $0.table == table }) else {
            return .duplicate(table, "This combination of \(columns.joined(separator: ", ")) exists already in \(table).")
        }
        let wanted = Set(columns)
        let unique = model.unique.first { Set($0.fields) == wanted || Naming.unique(model.table, $0.fields) == constraint }
        return .duplicate(model.name, unique?.message ?? "A record with the same \(columns.joined(separator: ", ")) exists already.")
    }
}

extension Refusal {
    /// The disk is full.
    public static func full() -> Refusal {
        Refusal(
            "store.full", .unavailable, "The database has no room left, so that nothing was stored.",
            instruction: "Free space on the disk and try again; nothing needs to be restarted.")
    }

    /// Too much waits already.
    public static func busy(_ reason: String) -> Refusal {
        Refusal("store.busy", .unavailable, reason, instruction: "Try again in a few seconds.")
    }

    /// Others changed the same records again and again.
    public static func contended() -> Refusal {
        Refusal(
            "store.contended", .conflict, "Others changed the same records at the same time, again and again.",
            instruction: "Try again; nothing was stored.")
    }

    /// The database cannot be reached.
    public static func unreachable(_ reason: String) -> Refusal {
        Refusal(
            "store.unreachable", .unavailable, "The database cannot be reached: \(reason).",
            instruction: "Try again in a few seconds; the program connects by itself when the database is back.")
    }

    /// A newer program changed the tables.
    public static func outdated() -> Refusal {
        Refusal(
            "store.outdated", .unavailable, "A newer program has changed the tables of the database, which this one would misread.",
            instruction: "Start this node again with the newer program.")
    }

    /// A text holds a NUL character, which PostgreSQL cannot keep.
    public static func badText() -> Refusal {
        Refusal("field.bad_value", .validation, "A text holds a character with the code 0.", instruction: "Leave it out.")
    }

    /// The store was closed.
    public static func closed() -> Refusal {
        Refusal("store.closed", .unavailable, "The store is shutting down.", instruction: "Try again.")
    }

    /// The database file is damaged.
    public static func corrupt(_ message: String) -> Refusal {
        Refusal(
            "store.corrupt", .internalFault, "The database is damaged: \(message).",
            instruction: "Stop the server, keep the file, and restore the last backup.")
    }

    /// A record points at one that is not there.
    public static func brokenLink() -> Refusal {
        Refusal(
            "record.restricted", .validation, "A record would point at one that does not exist.",
            instruction: "Choose an existing record, or archive the record instead of deleting it.")
    }
}
