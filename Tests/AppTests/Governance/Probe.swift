import Base
import Foundation
import Governance
import JSON
import Kernel
import TestKit
import Testing

/// A kind of definition for tests: a greeting that must not be empty, and whose tests say how long it may be.
struct GreetingKind: DefinitionKind {
    let name = "greeting"
    let title = "Greeting"

    func check(_ content: JSON, in env: Environment) throws -> [DefinitionProblem] {
        guard let text = content["text"]?.stringValue, !text.isEmpty else {
            return [DefinitionProblem("text", "The greeting is empty.", remedy: "Write one.")]
        }
        return []
    }

    func runTests(_ content: JSON, tests: JSON, in env: Environment) throws -> [TestOutcome] {
        (tests.arrayValue ?? []).map { test in
            let length = content["text"]?.stringValue?.count ?? 0
            let most = test["at_most"]?.intValue ?? 0
            return TestOutcome(test["name"]?.stringValue ?? "", passed: length <= most, "\(length) characters, at most \(most)")
        }
    }

    func install(_ version: ReleasedVersion, replacing previous: ReleasedVersion?, in env: Environment) throws {
        try note("installed", previous, env)
    }

    func withdraw(_ version: ReleasedVersion, restoring next: ReleasedVersion?, in env: Environment) throws {
        try note("withdrawn", next, env)
    }

    /// Leaves a record, so that tests see who caused it.
    private func note(_ what: String, _ other: ReleasedVersion?, _ env: Environment) throws {
        try env.create(ProbeMark.self, ["name": .text("\(what) \(env.cause?.name ?? "") for \(other?.cause ?? "nothing")")])
    }
}

/// What greetings leave behind.
struct ProbeMark: Model {
    static let name = "probe.mark"
    static let title = "Mark"
    let label = Char("name", "Name")
}

/// A live record that clients write and that is governed.
struct ProbeRule: Model {
    static let name = "probe.rule"
    static let title = "Probe rule"

    enum Mood: String, SelectionValue { case calm, loud }

    let label = Char("name", "Name", .required)
    let mood = Selection<Mood>("mood", initial: .calm)
    let weight = Float("weight")
    let until = DateField("until")
    let active = Flag("active", .initial(true))
    let users = Many2many<User>("user_ids", table: "probe_rule_user_rel", own: "rule_id", other: "user_id")
    let steps = One2many<ProbeStep>("step_ids", inverse: \.rule)
}

struct ProbeStep: Model {
    static let name = "probe.step"
    static let title = "Step"

    let label = Char("name", "Name", .required)
    let rule = Many2one<ProbeRule>("rule_id", onDelete: .cascade, .required)
}

/// Says that `deputy` stands in for `ann`.
struct ProbeStandIns: StandIns {
    func users(standingInFor users: Set<Int>, in env: Environment) throws -> Set<Int> {
        let ann = try env.search(User.self, .where("login", .equal, "ann"), limit: 1).first?.id ?? 0
        guard users.contains(ann) else { return [] }
        return Set(try env.search(User.self, .where("login", .equal, "deputy")).ids)
    }
}

/// A world with governed things, an author `ann`, a releaser `rex`, an auditor `ida` and a `deputy` of ann's who may release.
struct GovernedWorld: Sendable {
    let world: World

    static func app(shipping: [ShippedDefinitions] = [], extra: (inout App) -> Void = { _ in }) -> App {
        App(shipping.isEmpty ? "greetings" : "greetings_\(UUID().uuidString)", "Greetings", needs: ["base", "governance"]) { app in
            app.add(ProbeMark.self)
            app.add(ProbeRule.self)
            app.add(ProbeStep.self)
            app.allow("base.group_user", "rwcd", on: "probe.rule", "probe.step")
            app.allow("base.group_user", "r", on: "probe.mark")
            app.offer(GreetingKind())
            app.offer(ProbeStandIns())
            app.govern(
                GovernedModel(
                    "probe", model: "probe.rule", title: "Probe rule",
                    lines: [GovernedModel.Lines("step_ids", model: "probe.step", inverse: "rule_id")]
                ) { row, _ in
                    row["weight"] == .double(13) ? [DefinitionProblem("values.weight", "13 brings bad luck.", remedy: "Take 12.")] : []
                })
            for shipped in shipping { app.offer(shipped) }
            extra(&app)
        }
    }

    /// - Parameter withApprovals: Without that app, whose pairs of roles would speak first, governance itself has to refuse.
    init(shipping: [ShippedDefinitions] = [], withApprovals: Bool = false, extra: (inout App) -> Void = { _ in }) throws {
        let apps = World.apps.filter { withApprovals || $0.name != "approvals" && $0.name != "inbox" }
        world = try World(apps: apps + [GovernedWorld.app(shipping: shipping, extra: extra)])
        try world.makeUser("ann", groups: ["governance.group_author"])
        try world.makeUser("bob", groups: ["governance.group_author", "governance.group_releaser"])
        try world.makeUser("rex", groups: ["governance.group_releaser"])
        try world.makeUser("deputy", groups: ["governance.group_releaser"])
        try world.makeUser("ida", groups: ["governance.group_auditor"])
        try world.makeUser("joe", groups: ["base.group_user"])
    }

    /// A draft greeting, written by ann unless said otherwise.
    func draft(_ text: String, key: String = "hello", tests: JSON = .null, by login: String = "ann", company: Int? = nil) throws -> Int {
        try world.act(as: login) { env in
            let known = try env.search(
                Definition.self, .where("key", .equal, .text(key)) & .where("company_id", .equal, company.map { .int($0) } ?? .null))
            let definition =
                try known.first
                ?? env.create(
                    Definition.self,
                    ["kind": "greeting", "key": .text(key), "title": "Hello", "company_id": company.map { .int($0) } ?? .null])
            return try env.create(
                DefinitionVersion.self,
                ["definition_id": .int(definition.id), "content": .json(["text": .string(text)]), "tests": .json(tests)]
            ).id
        }
    }

    @discardableResult
    func call(_ action: String, _ id: Int, as login: String, _ arguments: ValueMap = [:]) throws -> Value {
        try world.act(as: login) { env in try env.records(DefinitionVersion.self, [id]).call(action, arguments) }
    }

    /// A greeting in force, written by ann and released by rex.
    @discardableResult
    func release(_ text: String, key: String = "hello", company: Int? = nil, _ arguments: ValueMap = [:]) throws -> Int {
        let id = try draft(text, key: key, company: company)
        try call("action_submit", id, as: "ann")
        try call("action_release", id, as: "rex", arguments)
        return id
    }

    /// The greeting in force.
    func greeting(_ key: String = "hello", company: Int? = nil, at moment: Instant? = nil) throws -> String? {
        try world.act { env in
            try Definitions.inForce("greeting", key, company: company, at: moment, in: env)?.content["text"]?.stringValue
        }
    }

    func state(_ id: Int) throws -> DefinitionVersion.State? {
        try world.act { env in env.record(DefinitionVersion.self, id).state }
    }

    /// Expects a refusal with a code.
    func refused(_ code: String, _ place: SourceLocation = #_sourceLocation, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("expected \(code), but nothing was refused", sourceLocation: place)
        } catch let refusal as Refusal {
            #expect(refusal.code == code, "\(refusal)", sourceLocation: place)
            #expect(!refusal.message.isEmpty && !refusal.instruction.isEmpty, sourceLocation: place)
        } catch { Issue.record(error, sourceLocation: place) }
    }
}
