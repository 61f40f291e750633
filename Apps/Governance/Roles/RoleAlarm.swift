import Base
import Exceptions
import JSON
import Kernel

/// Looks whether the roles in force are those that were released, and gives one that is not an owner.
public enum RoleAlarm {
    static let cause = "governance.role_broken"

    /// Compares the roles in force with their hashes: at each start, and by a schedule.
    ///
    /// What is found is marked at the group, which makes every node load rights anew, and raised once as an exception.
    public static func verify(_ env: Environment) throws {
        let machine = env.asSuperuser("roles are verified by the machine")
        let book = try RoleBook(machine)
        for group in try RoleShelf.groups(machine) {
            if let reason = book.broken[group.id] {
                if !group[\RoleOfGroup.isBroken] { try group.write(["role_is_broken": true]) }
                try raise(group, reason)
            } else if group[\RoleOfGroup.isBroken] {
                try group.write(["role_is_broken": false])
                try settle(group.id, machine)
            }
        }
    }

    private static func raise(_ group: Record<Group>, _ reason: String) throws {
        let open =
            Domain.where("cause", .equal, .text(cause)) & .where("res_model", .equal, .text(Group.name))
            & .where("res_id", .equal, .int(group.id)) & .where("state", .in, ["open", "in_progress"])
        if try group.env.count(ExceptionCase.self, open) > 0 { return }
        try ExceptionCase.raise(
            cause, "The role of the group '\(group.displayedName)' cannot be believed: \(reason). Nobody has the group until it can.",
            remedy: "Have the audit trail verified; then release a version of the role, copied from one that is right.",
            source: "governance", on: group.records, in: group.env)
    }

    /// A role that is right again needs nobody.
    static func settle(_ group: Int, _ env: Environment) throws {
        let own =
            Domain.where("cause", .equal, .text(cause)) & .where("res_model", .equal, .text(Group.name))
            & .where("res_id", .equal, .int(group)) & .where("state", .in, ["open", "in_progress"])
        guard try env.count(ExceptionCase.self, own) > 0 else { return }
        try ExceptionCase.settle(env.records(Group.self, [group]).records, "The role was released anew.")
    }

    /// Notes at their groups the roles that an older program put in force without doing so.
    static func adopt(_ env: Environment) throws {
        let machine = env.asSuperuser("roles in force are noted at their groups")
        let marks = try RoleShelf.groups(machine).flatMap { RoleShelf.marks(of: $0) }
        let noted = Set(try machine.search(DefinitionVersion.self, .where("id", .in, .ids(marks))).compactMap { $0.definition?.id })
        let released =
            Domain.where("kind", .equal, .text(RoleKind.kind)) & .where("state", .equal, "released") & .where("is_installed", .equal, true)
        let versions = try machine.search(DefinitionVersion.self, released, limit: Definitions.releasedLimit)
        for definition in Set(versions.compactMap { $0.definition?.id }).subtracting(noted).sorted() {
            try RoleShelf.refresh(definition, adding: nil, isAdopting: true, machine)
        }
    }
}
