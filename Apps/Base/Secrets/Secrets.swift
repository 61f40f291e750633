import Crypto
import Kernel

/// Texts that records keep sealed: keys of webhooks and the like, which no door shows and no copy of the database gives away.
///
/// The keys to them lie beside the data, in a file of their own. A model that keeps one offers a `SealedField`.
public enum Secrets {
    /// Gives a database the keys under which its secrets are sealed.
    public static func use(_ ring: KeyRing, for memory: DatabaseMemory) {
        memory.thing(RingBox.self) { RingBox() }.ring.withLock { $0 = ring }
    }

    /// Seals a text that a record keeps; an empty one stays empty.
    ///
    /// - Throws: `secrets.no_keys`.
    public static func seal(_ text: String, of model: String, _ id: Int, _ env: Environment) throws -> String {
        text.isEmpty ? "" : try ring(env).seal(text, for: "\(model),\(id)")
    }

    /// Opens a text that a record keeps; an empty one stays empty.
    ///
    /// - Throws: `secrets.no_keys`, `secrets.closed`.
    public static func open(_ stored: String, of model: String, _ id: Int, _ env: Environment) throws -> String {
        if stored.isEmpty { return "" }
        let ring = try ring(env)
        do throws(CryptoError) { return try ring.open(stored, for: "\(model),\(id)") } catch {
            throw Refusal(
                "secrets.closed", .unavailable, "A secret of \(model) \(id) does not open: \(error.sentence)",
                instruction: error.instruction)
        }
    }

    /// A key for one purpose that all nodes have and the database has not; nil for a database that was opened without keys.
    public static func derived(for purpose: String, _ memory: DatabaseMemory) -> Digest? {
        memory.thing(RingBox.self) { RingBox() }.ring.withLock { $0?.derived(for: purpose) }
    }

    static func ring(_ env: Environment) throws -> KeyRing {
        guard let ring = env.unit.memory.thing(RingBox.self, make: { RingBox() }).ring.withLock({ $0 }) else {
            throw Refusal(
                "secrets.no_keys", .unavailable, "The database was opened without the keys to its secrets.",
                instruction: "Open it with the file of keys that lies beside it.")
        }
        return ring
    }

    private final class RingBox: Sendable {
        let ring = Locked<KeyRing?>(nil)
    }
}

/// A field that holds a sealed text; the app that has it offers one with `App.offer(_:)`, so that it is sealed anew when keys change.
public struct SealedField: Sendable {
    let model: String
    let field: String

    /// A text field of a model.
    public init(_ model: String, _ field: String) {
        self.model = model
        self.field = field
    }
}
