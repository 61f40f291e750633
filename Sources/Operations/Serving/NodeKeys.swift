import Base
import Kernel
import Store

/// Makes sure that all nodes of a database have the same keys: what one seals another has to open, and one trail has one signature.
package enum NodeKeys {
    private static let secrets = "node.secrets", audit = "node.audit"

    /// Compares the keys of a folder with those that the database knows, and has it know them when it knows none.
    ///
    /// - Throws: `node.other_keys`.
    package static func check(_ database: Database, _ folder: DataFolder) throws {
        if database.node.isEmpty { return }
        let ring = try folder.secrets.load()
        let seal = database.sealKey
        let dialect = database.dialect
        try database.systemBlocking { connection in
            let settings = Settings(connection, dialect)
            let known = (secrets: try settings.text(secrets), audit: try settings.text(audit))
            if let id = known.secrets, !ring.ids.contains(id) { throw Refusal.otherKeys("the file \(folder.secrets.path)") }
            if let key = known.audit, let seal, key != seal { throw Refusal.otherKeys("the files keys/audit.key and keys/audit.pub") }
            if known.secrets != ring.ids[0] { try settings.set(secrets, ring.ids[0]) }
            if known.audit == nil, let seal { try settings.set(audit, seal) }
        }
    }
}

extension Refusal {
    fileprivate static func otherKeys(_ what: String) -> Refusal {
        Refusal(
            "node.other_keys", .unavailable, "Other nodes of this database have other keys than \(what) of this one.",
            instruction: "Copy the folder keys/ of a node that works to this one's data folder, then start again.")
    }
}
