import Crypto
import Kernel
import Store

/// Keeps stored secrets under the newest key: what an older program left plain, and what was sealed under a key that was replaced.
public enum SecretUpkeep {
    /// Records of one unit of work.
    static let pieceSize = 500
    /// The setting that says that plain secrets may still lie in the database's free pages.
    private static let sweeping = "secrets.sweep"

    /// What was found.
    public struct Outcome: Sendable {
        /// Texts that were sealed anew.
        public var sealed = 0
        /// Texts that open under no key: they stay as they are.
        public var closed = 0
    }

    /// Seals whatever is not sealed under the newest key.
    ///
    /// Each piece is one unit of work, so that a crash leaves nothing half done; running it again goes on.
    @discardableResult public static func run(_ database: Database) throws -> Outcome {
        var outcome = Outcome()
        for sealed in database.registry.offered(as: SealedField.self) {
            var last = 0
            while true {
                let from = last
                let piece = try database.writeBlocking(superuser: true) { try seal(sealed, after: from, $0) }
                outcome.sealed += piece.outcome.sealed
                outcome.closed += piece.outcome.closed
                guard let end = piece.last else { break }
                last = end
            }
        }
        return outcome
    }

    /// Whether plain secrets were found and may still be read from the file's free pages, until `swept` is told.
    public static func needsSweep(_ database: Database) throws -> Bool {
        let dialect = database.dialect
        return try database.inspectBlocking { try Settings($0, dialect).text(sweeping) == "1" }
    }

    /// The database's file was written anew: nothing plain is left.
    public static func swept(_ database: Database) throws {
        let dialect = database.dialect
        try database.systemBlocking { try Settings($0, dialect).set(sweeping, "0") }
    }

    private static func seal(_ sealed: SealedField, after first: Int, _ env: Environment) throws -> (outcome: Outcome, last: Int?) {
        guard let model = env.registry.model(sealed.model) else { return (Outcome(), nil) }
        let ring = try Secrets.ring(env)
        let all = try env.with(context: ["active_test": false])
        let found = try all.search(
            model, .where(sealed.field, .notEqual, .null) & .where("id", .greater, .int(first)), order: "id", limit: pieceSize)
        var outcome = Outcome()
        for id in found.ids {
            let text = try found.value(id, sealed.field).textValue ?? ""
            if text.isEmpty || ring.isCurrent(text) { continue }
            let plain = KeyRing.isSealed(text) ? (try? Secrets.open(text, of: sealed.model, id, env)) : text
            guard let plain else {
                outcome.closed += 1
                continue
            }
            if plain == text { try Settings(env)?.set(sweeping, "1") }
            try found.only(id).write([sealed.field: .text(try Secrets.seal(plain, of: sealed.model, id, env))])
            outcome.sealed += 1
        }
        return (outcome, found.ids.last)
    }
}
