import Kernel

/// How whoever calls showed that it is them, as doors note it for one unit of work.
public enum Proof: Sendable {
    /// A browser's session, and when its person last showed password or code in it; nil where it began with an API key.
    case session(Instant?)
    /// The password came with the call.
    case password
    /// An API key: a program calls.
    case key
}

/// Asking again who it is, before a step that a passer-by at an open browser must not take.
///
/// What is noted comes from `Authenticator.confirm`, which every door asks in each unit of work; where nothing is noted the machine itself works.
public enum FreshProof {
    /// The parameter that says how many minutes a proof holds.
    public static let parameter = "login.proof_minutes"
    /// How long it holds where the parameter says nothing.
    static let usualMinutes = 5
    /// What the parameter may say: it is asked for at least once a working day.
    static let bounds = 1...480

    private final class Note {
        var proof: Proof?
    }

    /// Notes how the caller of a unit of work showed who they are.
    public static func note(_ proof: Proof, in env: Environment) { env.unit.thing(Note.self) { Note() }.proof = proof }

    /// Makes sure that a session's person showed a moment ago that it is them. Keys of programs and the machine are let through: they have
    /// nothing to type.
    ///
    /// - Throws: `login.proof_needed`.
    public static func require(in env: Environment) throws {
        guard case .session(let shown)? = proof(in: env), try !isFresh(shown, env) else { return }
        throw try needed(env)
    }

    /// Makes sure that a person showed a moment ago that it is them: a program's key and the machine do not do.
    ///
    /// - Throws: `login.proof_needed`; `login.proof_person` for whoever cannot show it.
    public static func requirePerson(in env: Environment) throws {
        switch proof(in: env) {
        case .password?: return
        case .session(let shown)?: if try !isFresh(shown, env) { throw try needed(env) }
        case .key?, nil: throw Refusal.personNeeded()
        }
    }

    /// How many minutes a proof holds here.
    static func minutes(_ env: Environment) throws -> Int {
        let machine = env.asSuperuser("a setting of the whole place")
        let found = try machine.search(Parameter.self, .where("key", .equal, .text(parameter)), limit: 1).first
        let said = found.flatMap { Int($0.content.filter { !$0.isWhitespace }) } ?? usualMinutes
        return min(max(said, bounds.lowerBound), bounds.upperBound)
    }

    private static func proof(in env: Environment) -> Proof? { env.unit.thing(Note.self) { Note() }.proof }

    private static func isFresh(_ shown: Instant?, _ env: Environment) throws -> Bool {
        guard let shown else { return false }
        return try env.now - shown <= minutes(env) * 60
    }

    private static func needed(_ env: Environment) throws -> Refusal {
        let means = try SecondFactors(env).isEnabled(env.user.id) ? "code" : "password"
        return Refusal(
            "login.proof_needed", .accessDenied, "For this step you have to show once more that it is you.",
            instruction: "Send your \(means) to `prove` of the web client, then repeat the step.",
            details: ["means": .text(means), "minutes": .int(try minutes(env))])
    }
}

/// Stands before the actions that are declared to need a fresh proof.
struct ProofGuard: ActionGuard {
    func judge(_ action: AnyAction, on records: Records, arguments: ValueMap) throws -> ActionVerdict {
        // What was approved or follows from a rule was asked for by somebody else, at another time.
        if action.needsProof, records.env.cause == nil { try FreshProof.require(in: records.env) }
        return .run
    }
}

extension Refusal {
    /// A program, or the machine, where a person has to show that it is them.
    static func personNeeded() -> Refusal {
        Refusal(
            "login.proof_person", .accessDenied, "A person has to do this, and to show that it is them.",
            instruction: "Sign in at /app and do it there.")
    }
}
