import Kernel

/// Taking out of force what was released.
enum Retiring {
    /// Puts the version before this one in force again, in one step; gives its id.
    static func rollBack(_ version: Record<DefinitionVersion>, reason: String) throws -> Int {
        let machine = Definitions.machine(version)
        let released = ReleasedVersion(machine)
        if machine.isInstalled {
            guard let present = try Definitions.newestInForce(of: released, in: machine.env), present.id == released.id else {
                throw Refusal.notInForce(machine.cause)
            }
        }
        guard let previous = try Definitions.before(released, in: machine.env) else { throw Refusal.nothingBefore(machine.cause) }
        guard previous.isSound else { throw Refusal.tampered(previous.cause) }
        try end(machine, reason: reason, by: version.env, event: "rolled back", next: previous)
        return previous.id
    }

    /// Takes a version and all that it had replaced out of force: nothing takes its place.
    static func retire(_ version: Record<DefinitionVersion>, reason: String) throws {
        let machine = Definitions.machine(version)
        let released = ReleasedVersion(machine)
        let earlier = try Definitions.released(of: released.definition, in: machine.env).filter {
            $0.id != released.id && $0.number < released.number && released.covers($0)
        }
        for old in earlier {
            try end(machine.env.record(DefinitionVersion.self, old.id), reason: reason, by: version.env, event: "retired", next: nil)
        }
        try end(machine, reason: reason, by: version.env, event: "retired", next: nil)
    }

    private static func end(
        _ machine: Record<DefinitionVersion>, reason: String, by env: Environment, event: String, next: ReleasedVersion?
    ) throws {
        let version = ReleasedVersion(machine)
        let wasInForce = machine.isInstalled
        try machine.write([
            "state": "retired", "retired_by": .int(env.user.id), "retired_on": .instant(env.now), "reason": .text(reason),
            "is_installed": false,
        ])
        if wasInForce {
            try Definitions.kind(version.kind, in: machine.env)
                .withdraw(version, restoring: next, in: machine.env.because((next ?? version).cause))
        }
        try DefinitionTrail.note(
            event, machine, by: env, ["reason": .text(reason), "next": next.map { .text($0.cause) } ?? .null])
    }
}
