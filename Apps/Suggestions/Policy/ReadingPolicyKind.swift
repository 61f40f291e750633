import Base
import Governance
import JSON
import Kernel
import Reading
import Referrals

/// Policies of reading as governed definitions: what a version says holds for every document that is read while it is in force.
struct ReadingPolicyKind: DefinitionKind {
    static let kind = "reading"
    /// The one policy of an organisation; a company may have its own.
    static let key = "documents"

    let name = ReadingPolicyKind.kind
    let title = "Policy of reading"

    func check(_ content: JSON, in env: Environment) throws -> [DefinitionProblem] {
        var reader = PolicyReader()
        guard content.objectValue != nil else {
            return [DefinitionProblem("", "The policy is no map.", remedy: "Give parts, matches and layouts.")]
        }
        _ = reader.policy(content, cause: "")
        return reader.problems.map {
            DefinitionProblem($0.place, "The policy does not fit: expected \($0.expected).", remedy: "Correct the policy.")
        }
    }

    /// A test gives a packet and expects whether it goes on: `{name, given: {kind, kind_confidence, fields, matches}, expect: {by_itself}}`.
    func runTests(_ content: JSON, tests: JSON, in env: Environment) throws -> [TestOutcome] {
        var reader = PolicyReader()
        let policy = reader.policy(content, cause: "")
        return (tests.arrayValue ?? []).enumerated().map { place, test in
            let name = test["name"]?.stringValue ?? "test \(place + 1)"
            guard let given = test["given"], given.objectValue != nil, let expected = test["expect"]?["by_itself"]?.boolValue else {
                return TestOutcome(name, passed: false, "a test has 'given', and 'expect' with 'by_itself'")
            }
            guard let packet = ReadingCase(given) else { return TestOutcome(name, passed: false, "'given' cannot be read") }
            let obstacles = policy.obstacles(to: packet)
            let isGood = obstacles.isEmpty == expected
            return TestOutcome(name, passed: isGood, isGood ? "" : obstacles.first ?? "it goes on by itself")
        }
    }

    /// Where something goes on by itself, somebody must be named who did it.
    func install(_ version: ReleasedVersion, replacing previous: ReleasedVersion?, in env: Environment) throws {
        var reader = PolicyReader()
        let policy = reader.policy(version.content, cause: version.cause)
        if policy.parts.values.contains(where: \.goesOn) { try ReadingUser.ensure(in: env) }
    }
}

extension ReadingCase {
    /// A case as a test of a policy states it; nil when something in it is not of its form.
    fileprivate init?(_ json: JSON) {
        kind = json["kind"]?.stringValue ?? kind
        kindConfidence = json["kind_confidence"]?.doubleValue ?? 1
        requests = json["requests"]?.intValue ?? requests
        patients = json["patients"]?.intValue ?? patients
        isUnsure = json["unsure"]?.boolValue ?? false
        for member in json["fields"]?.objectValue?.members ?? [] {
            guard ReadingField(rawValue: member.key) != nil, let confidence = member.value.doubleValue else { return nil }
            confidences[member.key] = confidence
        }
        for member in json["matches"]?.objectValue?.members ?? [] {
            guard let subject = MatchSubject(rawValue: member.key), let level = MatchLevel(rawValue: member.value.stringValue ?? "") else {
                return nil
            }
            matches[subject] = level
        }
    }
}

extension ReadingPolicy {
    /// The policy in force for a company; the shipped one where a database has none.
    static func inForce(company: Int?, in env: Environment) throws -> ReadingPolicy {
        let machine = env.asSuperuser("the policy of reading is the machine's to follow")
        var reader = PolicyReader()
        guard let version = try Definitions.inForce(ReadingPolicyKind.kind, ReadingPolicyKind.key, company: company, in: machine) else {
            return reader.policy(try shippedFile.get().content, cause: "\(ReadingPolicyKind.kind):\(ReadingPolicyKind.key)@shipped")
        }
        return reader.policy(version.content, cause: version.cause)
    }

    /// The policy that the program brings along: nothing goes on by itself.
    static let shipped = ShippedDefinitions(app: "suggestions", release: "0.1.0") { [try shippedFile.get()] }

    private static let shippedFile = Result { try DefinitionFile.parse(Array(shippedText.utf8)) }

    private static let shippedText = """
        kind: reading
        key: documents
        title: What may be believed of what was read
        content:
          parts:
            referral:
              by_itself: false
              sure: 0.9
              needed: [family_name, given_name, birth_date, specialty, reason]
              fields:
                any: {sure: 0.95, shown: 0.5}
                family_name: {sure: 0.97, shown: 0.5}
                birth_date: {sure: 0.97, shown: 0.5}
                specialty: {sure: 0.97, shown: 0.5}
          matches:
            patient: {certain: 0.9, possible: 0.6, may_be_new: false}
            practice: {certain: 0.9, possible: 0.7, may_be_new: false}
            payer: {certain: 0.9, possible: 0.7, may_be_new: false}
          layouts: {used: true, after: 3}
        tests:
          - name: nothing goes on by itself, however sure it is
            given:
              fields: {family_name: 1, given_name: 1, birth_date: 1, specialty: 1, reason: 1}
              matches: {patient: certain, practice: certain, payer: certain}
            expect: {by_itself: false}
        """
}

/// The user in whose name something goes on by itself; administrators give and take its sites like anybody's.
enum ReadingUser {
    static let externalId = "suggestions.user_reading"

    /// Makes the user where there is none; it has no password, so that nobody signs in as it.
    static func ensure(in env: Environment) throws {
        let machine = env.asSuperuser("the service of reading has a user of its own")
        if try Reference.find(externalId, machine) != nil { return }
        let sites = try machine.search(Company.self, order: "id", limit: 1_000).ids
        let group = try Reference.require("referrals.group_user", machine)
        let user = try machine.create(
            User.self,
            [
                "login": "__reading__", "name": "Reading service", "company_id": sites.first.map { .int($0) } ?? .null,
                "company_ids": .list([[6, 0, .ids(sites)]]), "group_ids": .list([[6, 0, .ids([group])]]),
            ])
        try Reference.name(user.records, externalId)
    }

    /// An environment in which the service acts at a site with its own rights; nil where it may not work there.
    static func environment(at site: Int?, in env: Environment) throws -> Environment? {
        let machine = env.asSuperuser("who the service is, is the machine's to know")
        guard let id = try Reference.find(externalId, machine), let user = try machine.registry.directory.user(id, in: machine) else {
            return nil
        }
        guard let site else { return env.with(user: user) }
        guard user.companyIds.contains(site) else { return nil }
        return try env.with(user: user).with(context: ["allowed_company_ids": .ids([site])])
    }
}
