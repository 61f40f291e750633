import JSON
import Kernel

/// What people do with versions.
enum VersionActions {
    private static let author = "governance.group_author"
    private static let releaser = "governance.group_releaser"

    static let all: [Action<DefinitionVersion>] = [
        Action(
            "action_check", "Check", groups: [author, releaser], when: { $0.state == .draft || $0.state == .inReview },
            taking: { versions, _ in .list(try versions.map { .json(try Drafting.check($0).json) }) }),
        Action("action_submit", "Submit for review", groups: [author], when: { $0.state == .draft }) { versions in
            for version in versions { try Releasing.submit(version) }
        },
        Action(
            "action_return", "Back to draft", groups: [author, releaser], when: { $0.state == .inReview },
            taking: { versions, arguments in
                let reason = try VersionActions.reason(arguments)
                for version in versions { try Releasing.takeBack(version, reason: reason) }
                return .bool(true)
            }),
        Action(
            "action_release", "Release", groups: [releaser], when: { $0.state == .inReview },
            taking: { versions, arguments in
                let moment = try VersionActions.moment(arguments["effective_from"])
                for version in versions { try Releasing.release(version, effectiveFrom: moment) }
                return .bool(true)
            }),
        Action(
            "action_roll_back", "Roll back", groups: [releaser], when: { $0.state == .released },
            taking: { versions, arguments in
                let reason = try VersionActions.reason(arguments)
                return .ids(try versions.map { try Retiring.rollBack($0, reason: reason) })
            }),
        Action(
            "action_retire", "Retire", groups: [releaser], when: { $0.state == .released },
            taking: { versions, arguments in
                let reason = try VersionActions.reason(arguments)
                for version in versions { try Retiring.retire(version, reason: reason) }
                return .bool(true)
            }),
        Action("action_discard", "Discard", groups: [author], when: { $0.state == .draft || $0.state == .inReview }) { versions in
            for version in versions { try Drafting.discard(version) }
        },
        Action(
            "action_simulate", "Simulate", groups: [author, releaser], when: { $0.state == .draft || $0.state == .inReview },
            taking: { versions, arguments in
                let days = arguments["days"]?.intValue ?? 30
                return .ids(try versions.map { try SimulationRun.ask($0, days: days) })
            }),
        Action(
            "action_copy", "Copy to a new draft", groups: [author],
            taking: { versions, _ in .ids(try versions.map { try Drafting.copy($0).id }) }),
    ]

    static let methods: [Method<DefinitionVersion>] = [
        Method(
            "diff", ["other_id"], readsOnly: true,
            onRecords: { versions, arguments in
                try versions.env.checkAccess(.read, versions.records.model, versions.ids)
                guard let version = versions.first else { return [] }
                let changes = try Comparing.changes(of: version, since: arguments["other_id"]?.intValue)
                return .list(try ChangeWords(version.kind, versions.env)?.described(changes) ?? changes.map(\.value))
            }),
        Method(
            "export_yaml", readsOnly: true,
            onRecords: { versions, _ in
                try versions.env.checkAccess(.read, versions.records.model, versions.ids)
                return try versions.first.map { .text(try DefinitionFile($0).yaml) } ?? .bool(false)
            }),
    ]

    private static func reason(_ arguments: ValueMap) throws -> String {
        guard let reason = arguments["reason"]?.textValue, !reason.isEmpty else { throw Refusal.noReason() }
        return reason
    }

    private static func moment(_ value: Value?) throws -> Instant? {
        switch value {
        case nil, .null, .bool(false): return nil
        case .instant(let instant): return instant
        case .text(let text):
            guard let instant = Instant(text) else { throw Refusal.badMoment() }
            return instant
        default: throw Refusal.badMoment()
        }
    }
}
