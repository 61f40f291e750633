import Base
import JSON
import Kernel

/// What a group of users may do, what it implies and who is in it, as a definition: see `RoleContent`.
///
/// In force, it is the whole of the group's model rights: rights that it does not name are switched off. Rolled back to nothing, the rights
/// are those that the apps declare, and its members stay. A version for some sites holds for the people who work there first, and leaves the
/// records as they are. Record rules and field masks stay what they are.
struct RoleKind: DefinitionKind {
    static let kind = "role"
    let name = RoleKind.kind
    let title = "Role"

    func check(_ content: JSON, in env: Environment) throws -> [DefinitionProblem] {
        try RoleCheck(content, VersionPlace(key: "", company: nil, sites: []), env).problems()
    }

    func check(_ content: JSON, at place: VersionPlace, in env: Environment) throws -> [DefinitionProblem] {
        try RoleCheck(content, place, env).problems()
    }

    /// A test says what a role must and must not allow, `{name, model, may: "rw", never: "d"}`, and who must and must not have it,
    /// `{name, members: [login], never_members: [login]}`.
    func runTests(_ content: JSON, tests: JSON, in env: Environment) throws -> [TestOutcome] {
        func logins(_ json: JSON?) -> Set<String> { Set((json?.arrayValue ?? []).compactMap(\.stringValue)) }
        return (tests.arrayValue ?? []).map { test in
            let model = test["model"]?.stringValue ?? ""
            let name = test["name"]?.stringValue ?? model
            let asks = ["may", "never", "members", "never_members"].contains { test[$0] != nil }
            guard asks else { return TestOutcome(name, passed: false, "a test says what members 'may' or 'never' do, or who they are") }
            let letters = Set(content["rights"]?[model]?.stringValue ?? "")
            let missing = Set(test["may"]?.stringValue ?? "").subtracting(letters)
            let forbidden = Set(test["never"]?.stringValue ?? "").intersection(letters)
            let members = logins(content["members"])
            let absent = logins(test["members"]).subtracting(members)
            let unwanted = logins(test["never_members"]).intersection(members)
            return TestOutcome(
                name, passed: missing.isEmpty && forbidden.isEmpty && absent.isEmpty && unwanted.isEmpty,
                "missing '\(String(missing.sorted()))', forbidden '\(String(forbidden.sorted()))' on \(model); "
                    + "absent \(absent.sorted()), unwanted \(unwanted.sorted())")
        }
    }

    func install(_ version: ReleasedVersion, replacing previous: ReleasedVersion?, in env: Environment) throws {
        try RoleShelf.refresh(version.definition, adding: version.id, env)
    }

    func withdraw(_ version: ReleasedVersion, restoring next: ReleasedVersion?, in env: Environment) throws {
        try RoleShelf.refresh(version.definition, adding: next?.id, env)
    }

    /// Names of groups and people are told apart by what they are, not by where they stand.
    func differences(from old: JSON, to new: JSON) -> [JSONChange] {
        func bare(_ json: JSON) -> JSON {
            guard var object = json.objectValue else { return json }
            for name in ["implies", "members"] { object[name] = nil }
            return .object(object)
        }
        var changes = JSONChange.between(bare(old), bare(new))
        for name in ["implies", "members"] {
            let before = (old[name]?.arrayValue ?? []).compactMap(\.stringValue)
            let after = (new[name]?.arrayValue ?? []).compactMap(\.stringValue)
            changes += Set(before).subtracting(after).sorted().map { JSONChange("\(name)[\($0)]", old: .string($0), new: nil) }
            changes += Set(after).subtracting(before).sorted().map { JSONChange("\(name)[\($0)]", old: nil, new: .string($0)) }
            if (old[name]?.arrayValue == nil) != (new[name]?.arrayValue == nil), before.isEmpty, after.isEmpty {
                changes.append(JSONChange(name, old: old[name], new: new[name]))
            }
        }
        return changes
    }
}
