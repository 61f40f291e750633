import JSON
import Kernel

/// Something that really happened: one record that was made or written, as the audit trail keeps it.
public struct PastEvent: Sendable {
    /// What happened to the record.
    public enum Kind: String, Sendable {
        case create, write
        /// Nothing: it stood so when the time that is looked at began. Only told to those that ask for it.
        case stood
    }

    /// Its number in the trail.
    public let sequence: Int
    /// When it happened.
    public let moment: Instant
    /// What happened to the record.
    public let kind: Kind
    /// The record's model.
    public let model: String
    /// The record's id.
    public let id: Int
    /// Who did it.
    public let userId: Int
    /// What caused it, as the trail names it: `rule:urgent-first@3`; empty when a person or a program did.
    public let cause: String
    /// The values that were given, by field.
    public let new: ValueMap
    /// What stood there before a write, by field; empty when it was made.
    public let old: ValueMap
    /// The fields that were changed later, with what stood in them right after the event.
    public internal(set) var since: ValueMap = [:]
    /// Until when the record stood so: its next change, or now.
    public internal(set) var until = Instant(seconds: 0)
    /// What was different of other records of the models that are looked at.
    public internal(set) var past = PastState()
}

/// What a definition would have answered to an event.
public struct ReplayAnswer: Sendable, Hashable {
    /// What it comes to, in a form that can be compared: the outputs of a table, what a rule does.
    public let outcome: JSON
    /// Contradictions that it met: rules that both apply, actions that undo each other.
    public let conflicts: [String]

    /// An answer.
    public init(_ outcome: JSON, conflicts: [String] = []) {
        self.outcome = outcome
        self.conflicts = conflicts
    }
}

/// A version that is to be held against past events.
public struct ReplaySubject: Sendable {
    /// The definition's kind.
    public let kind: String
    /// The definition's key.
    public let key: String
    /// What the trail would call it: `rule:urgent-first@3`.
    public let cause: String
    /// What it says.
    public let content: JSON
    /// The company that it is for; nil for all.
    public let company: Int?
    /// The live record that it is about; 0 for none.
    public let record: Int
    /// Whether it is not released yet.
    public let isDraft: Bool

    /// What the trail calls any version of the definition begins so.
    public var causePrefix: String { "\(kind):\(key)@" }

    init(_ version: Record<DefinitionVersion>) {
        kind = version.kind
        key = version.key
        cause = version.cause
        content = version.content
        company = version.company?.id
        record = version.definition?.record ?? 0
        isDraft = true
    }

    init(_ version: ReleasedVersion) {
        kind = version.kind
        key = version.key
        cause = version.cause
        content = version.content
        company = version.company
        record = version.record
        isDraft = false
    }
}

/// A version made ready once to be asked about many events.
public protocol Replay: Sendable {
    /// The models whose events matter to it.
    var models: Set<String> { get }
    /// Whether time alone can matter to it: then each record of its models is shown as it stood when the time that is looked at began, too.
    var looksAtRest: Bool { get }
    /// Which of the records that nothing happened to can matter to it.
    func rests(in model: ModelSchema) -> Domain
    /// The record that an event is about, where another one was changed; nil when it is about none.
    func subject(of event: PastEvent, in env: Environment) throws -> Records?
    /// Whether an event can matter to it, told without a look at the record.
    func concerns(_ event: PastEvent) -> Bool
    /// What it would have answered; nil when the event does not concern it. The record stands as it stood right after the event.
    func answer(to event: PastEvent, in env: Environment) throws -> ReplayAnswer?
}

extension Replay {
    public var looksAtRest: Bool { false }
    public func rests(in model: ModelSchema) -> Domain { .all }
    public func subject(of event: PastEvent, in env: Environment) throws -> Records? { try env.records(event.model, [event.id]) }
}

/// A kind of definition whose drafts can be held against what really happened.
public protocol ReplayableKind: DefinitionKind {
    /// Makes a version ready to be asked.
    /// - Throws: Why it cannot be held against past events: the trail does not keep what sets it off.
    func replay(_ subject: ReplaySubject, in env: Environment) throws -> any Replay
}
