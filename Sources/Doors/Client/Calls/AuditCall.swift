import HTTPServer
import Kernel
import RPCDoor
import Store

/// `audit`: lines of the trail for administrators, and whether it is whole. Reading it leaves a line, too.
struct AuditCall: Sendable {
    let door: ClientDoor

    private static let lineLimit = 200
    private static let group = "base.group_system"

    func add(to router: inout Router) {
        door.on("audit", in: &router) { [door] call in
            let (model, id) = (call.text("model"), call.number("id"))
            try await door.gate.write(call.caller) { env in
                guard env.user.isMember(of: AuditCall.group) else { throw Refusal.noAudit() }
                let detail: ValueMap = ["model": .text(model ?? ""), "verified": .bool(call.flag("verify"))]
                let entry = AuditEntry(.read, model: "baton.audit", ids: id.map { [$0] } ?? [], userId: env.user.id, detail: detail)
                try env.unit.transaction.appendAudit([entry])
            }
            if call.flag("verify") { return try await verify() }
            var query = AuditQuery()
            (query.model, query.id, query.userId, query.before) = (model, id, call.number("user"), call.number("before"))
            query.kind = call.text("kind").flatMap(AuditEntry.Kind.init)
            query.limit = min(call.number("limit") ?? 100, AuditCall.lineLimit)
            let lines = try await door.gate.database.auditLines(query)
            return try await door.gate.read(call.caller) { env in .list(try AuditCall.shown(lines, env)) }
        }
    }

    private static func shown(_ lines: [AuditLine], _ env: Environment) throws -> [Value] {
        let superuser = env.asSuperuser("the trail names who did what, also when they are gone")
        let users = try env.registry.requireModel("res.users")
        let known = try superuser.existing(Set(lines.map(\.userId)).sorted(), in: users)
        let names = Dictionary(
            try Records(users, known, superuser).names().map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        return lines.map { line in
            [
                "number": .int(line.number), "at": line.at.map { .instant($0) } ?? .null,
                "user": [.int(line.userId), .text(names[line.userId] ?? "#\(line.userId)")], "kind": .text(line.kind),
                "model": .text(line.model), "title": .text(env.registry.model(line.model)?.title ?? line.model), "ids": .ids(line.ids),
                "detail": .text(line.detail),
            ]
        }
    }

    private func verify() async throws -> Value {
        guard let folder = door.configuration.auditFolder else { throw Refusal.noAudit() }
        let dialect = door.gate.database.dialect
        let report = try await door.gate.database.inspect { AuditVerifier($0, dialect, directory: folder).verify() }
        return [
            "good": .bool(report.isGood), "entries": .int(report.entries), "checkpoints": .int(report.checkpoints),
            "sealed": .int(report.sealedThrough), "last": .text(report.lastAt),
            "findings": .list(report.findings.prefix(20).map { .text($0.sentence) }),
        ]
    }
}

extension Refusal {
    static func noAudit() -> Refusal {
        Refusal(
            "client.no_audit", .accessDenied, "The audit trail is for administrators.", instruction: "Ask an administrator of the system.")
    }
}
