import JSON
import Kernel

/// From a draft to what is in force: submitted by one person, released by another.
enum Releasing {
    /// The queue of versions that wait for their day.
    static let queue = "governance"
    /// The kind of their jobs.
    static let jobKind = "governance.take_effect"

    static func submit(_ version: Record<DefinitionVersion>) throws {
        let env = version.env
        let machine = Definitions.machine(version)
        try refuseStale(machine)
        try Drafting.check(machine).requireGood(machine.cause)
        try machine.write([
            "state": "in_review", "submitter_id": .int(env.user.id), "submitted_on": .instant(env.now),
            "checksum": .text(Drafting.seal(machine)),
        ])
        try DefinitionTrail.note("submitted", machine, by: env, ["checksum": .text(machine.checksum)])
    }

    static func takeBack(_ version: Record<DefinitionVersion>, reason: String) throws {
        let machine = Definitions.machine(version)
        try machine.write(["state": "draft", "submitter_id": .null, "submitted_on": .null, "checksum": .null])
        try DefinitionTrail.note("returned", machine, by: version.env, ["reason": .text(reason)])
    }

    /// Puts a reviewed version in force, now or later, by somebody who had no part in it.
    static func release(_ version: Record<DefinitionVersion>, effectiveFrom: Instant?) throws {
        let env = version.env
        let machine = Definitions.machine(version)
        try refuseAuthors(machine, env)
        let sites = machine.sites.ids
        guard env.isSuperuser || sites.allSatisfy(env.user.companyIds.contains) else { throw Refusal.foreignSites(machine.cause) }
        try refuseStale(machine)
        guard Drafting.seal(machine) == machine.checksum else { throw Refusal.tampered(machine.cause) }
        try Drafting.check(machine).requireGood(machine.cause)
        try put(machine, inForceFrom: max(effectiveFrom ?? env.now, env.now), by: env)
    }

    /// Marks a version as released and lets it take effect, at once or by a job.
    static func put(
        _ machine: Record<DefinitionVersion>, inForceFrom moment: Instant, by env: Environment, event: String = "released"
    ) throws {
        try machine.write([
            "state": "released", "releaser_id": .int(env.user.id), "released_on": .instant(env.now), "effective_from": .instant(moment),
            "checksum": .text(Drafting.seal(machine)),
        ])
        try DefinitionTrail.note(
            event, machine, by: env, ["checksum": .text(machine.checksum), "effective_from": .instant(moment)])
        if moment <= env.now { return try takeEffect(machine) }
        try env.unit.transaction.enqueue(
            JobRequest(
                jobKind, queue: queue, payload: ["version": .int(machine.id)], uniqueKey: "\(jobKind):\(machine.id)", runAt: moment))
    }

    /// What follows when a version's time has come; nothing when it took effect before or was retired.
    static func takeEffect(_ machine: Record<DefinitionVersion>) throws {
        let env = machine.env
        guard machine.state == .released, !machine.isInstalled, let from = machine.effectiveFrom, from <= env.now else { return }
        let version = ReleasedVersion(machine)
        guard version.isSound else { throw Refusal.tampered(machine.cause) }
        let previous = try Definitions.before(version, in: env)
        try Definitions.kind(version.kind, in: env).install(version, replacing: previous, in: env.because(version.cause))
        try machine.write(["is_installed": true])
        try DefinitionTrail.note("in force", machine, by: env, ["replaces": previous.map { .text($0.cause) } ?? .null])
    }

    private static func refuseAuthors(_ machine: Record<DefinitionVersion>, _ env: Environment) throws {
        var authors = Set(machine.contributors.ids)
        if let author = machine.author { authors.insert(author.id) }
        if let submitter = machine.submitter { authors.insert(submitter.id) }
        if authors.contains(env.user.id) { throw Refusal.selfRelease(machine.cause) }
        for standIns in env.registry.offered(as: (any StandIns).self) {
            let acting = try standIns.users(standingInFor: authors, in: machine.env)
            if acting.contains(env.user.id) { throw Refusal.delegateRelease(machine.cause) }
        }
    }

    /// Refuses a version that knows nothing of one that was released since it was begun.
    private static func refuseStale(_ machine: Record<DefinitionVersion>) throws {
        guard let definition = machine.definition, let newest = try Drafting.newest(of: definition) else { return }
        let base = machine.base?.number ?? 0
        if newest.number > base { throw Refusal.staleVersion(machine.cause, newest: newest.number, base: base) }
    }
}
