import JSON
import Kernel

/// One kind of governed definition: decision tables, rules, policies. The app that owns the thing offers it with `App.offer(_:)`.
///
/// The content is the app's own; governance keeps its versions and asks the kind what only it can know. An engine that reads
/// `Definitions.inForce` needs neither `install` nor `withdraw`; one that keeps live records of its own makes and removes them there.
/// Everything is called inside the unit of work of whoever submits or releases, with the eyes of the machine.
public protocol DefinitionKind: Sendable {
    /// The technical name, first part of a cause: `rule` in `rule:urgent-first@3`.
    var name: String { get }
    /// What people call one of them.
    var title: String { get }
    /// What is wrong with a content: unknown fields, type errors, gaps, circles. Empty when it may be submitted.
    func check(_ content: JSON, in env: Environment) throws -> [DefinitionProblem]
    /// The same for a version whose key and sites are known; asked when one is checked, submitted and released.
    func check(_ content: JSON, at place: VersionPlace, in env: Environment) throws -> [DefinitionProblem]
    /// Runs the tests that the version brings along, those inside the content included.
    func runTests(_ content: JSON, tests: JSON, in env: Environment) throws -> [TestOutcome]
    /// The version takes effect; `previous` is the one that it replaces.
    func install(_ version: ReleasedVersion, replacing previous: ReleasedVersion?, in env: Environment) throws
    /// The version is in force no longer; `next` is the one that is again, if there is one.
    func withdraw(_ version: ReleasedVersion, restoring next: ReleasedVersion?, in env: Environment) throws
    /// What differs between two contents, with paths.
    func differences(from old: JSON, to new: JSON) -> [JSONChange]
}

/// Which definition a version is of, and where it is to begin.
public struct VersionPlace: Sendable, Hashable {
    /// The definition's key.
    public let key: String
    /// The company that it is for; nil for all.
    public let company: Int?
    /// The sites where it begins; empty for all.
    public let sites: Set<Int>
}

extension DefinitionKind {
    public func check(_ content: JSON, at place: VersionPlace, in env: Environment) throws -> [DefinitionProblem] {
        try check(content, in: env)
    }
    /// A kind that knows no tests fails those that are given: a test that is not run must not look as if it had passed.
    public func runTests(_ content: JSON, tests: JSON, in env: Environment) throws -> [TestOutcome] {
        (tests.arrayValue ?? []).map {
            TestOutcome($0["name"]?.stringValue ?? "test", passed: false, "definitions of the kind '\(name)' have no tests; take it out")
        }
    }
    public func install(_ version: ReleasedVersion, replacing previous: ReleasedVersion?, in env: Environment) throws {}
    public func withdraw(_ version: ReleasedVersion, restoring next: ReleasedVersion?, in env: Environment) throws {}
    public func differences(from old: JSON, to new: JSON) -> [JSONChange] { JSONChange.between(old, new) }
}

/// Something that is wrong with a definition: where, what, and what to do.
public struct DefinitionProblem: Sendable, Hashable {
    /// The place in the content: `rules[2].urgency`.
    public let place: String
    /// One sentence.
    public let message: String
    /// What to do about it.
    public let remedy: String

    /// A problem at a place.
    public init(_ place: String, _ message: String, remedy: String) {
        self.place = place
        self.message = message
        self.remedy = remedy
    }
}

/// How a test inside a definition ended.
public struct TestOutcome: Sendable, Hashable {
    /// The test's name.
    public let name: String
    /// Whether it found what it expected.
    public let passed: Bool
    /// What it found instead.
    public let message: String

    /// An outcome; the message says what was found instead.
    public init(_ name: String, passed: Bool, _ message: String = "") {
        self.name = name
        self.passed = passed
        self.message = message
    }
}

/// Knows who stands in for whom, so that nobody releases for somebody whose work it is; an app offers one with `App.offer(_:)`.
public protocol StandIns: Sendable {
    /// The users who act for any of these users at present.
    func users(standingInFor users: Set<Int>, in env: Environment) throws -> Set<Int>
}
