import Base
import JSON
import Kernel
import Messaging

/// Puts requests in the place of actions, and submits those that people make by hand.
enum Requesting {
    /// The request for an action of a record: the one that waits already for the same content, else a new one.
    static func ask(_ policy: PolicyRow, _ action: AnyAction, _ record: Records, _ arguments: ValueMap) throws -> Record<Request> {
        let env = record.env
        let machine = env.asSuperuser("a request is put in the place of an action").because(policy.cause)
        guard let id = record.ids.first else { throw Refusal.missingRecords([], in: record.model.name) }
        if let known = try open(policy, action.name, record, machine) {
            guard known.owner?.id == env.user.id else { throw Refusal.alreadyAsked(known.displayedName) }
            return known
        }
        let barred = try Barred(owner: env.user.id, target: record, policy: policy)
        let seating = try Seating(policy, record: record, owner: env.user.id, barred: barred)
        try seating.requireFeasible(policy.name)
        let label = try machine.linkName(record.model, id)
        let request = try machine.create(
            Request.self,
            [
                "name": .text("\(action.title): \(label)"), "request_owner_id": .int(env.user.id), "policy_id": .int(policy.id),
                "policy_version": .text(policy.cause), "policy_version_id": .int(policy.version), "res_model": .text(record.model.name),
                "res_id": .int(id),
                "action": .text(action.name), "action_title": .text(action.title), "arguments": .json(Value.map(arguments).asJSON),
                "company_id": try Seating.company(of: record.with(machine)).map { .int($0) } ?? .int(env.companyId),
                "request_status": "pending", "date_confirmed": .instant(env.now),
            ])
        try Evidence.require(policy.documents, for: request)
        try see(request)
        try Seats.set(seating, for: request)
        try Notices.say(request, "Approval of '\(action.title)' was asked for by \(env.user.name): \(policy.name).")
        return request
    }

    /// Remembers which content is decided about.
    static func see(_ request: Record<Request>) throws {
        var version = request.version
        if let model = request.env.registry.model(request.recordModel) {
            version = try Records(model, [request.record], request.env).value("record_version").intValue ?? 0
        }
        try request.write(["seen_hash": .text(try Content.digest(of: request)), "seen_version": .int(version)])
    }

    /// The request that waits for an action of a record.
    static func open(_ policy: PolicyRow, _ action: String, _ record: Records, _ env: Environment) throws -> Record<Request>? {
        let machine = env.asSuperuser("whether something waits for approval is no secret to whoever may do it")
        let same =
            about(record.model.name, record.ids) & .where("action", .equal, .text(action)) & .where("policy_id", .equal, .int(policy.id))
        return try machine.search(Request.self, same, limit: 1).first
    }

    /// Requests about records that nobody has finished.
    static func about(_ model: String, _ ids: [Int]) -> Domain {
        .where("res_model", .equal, .text(model)) & .where("res_id", .in, .ids(ids)) & .where("request_status", .equal, "pending")
    }

    /// Submits a request that was made by hand.
    static func confirm(_ request: Record<Request>) throws {
        let env = request.env
        guard let record = request.category else { throw Refusal.notInState(request.displayedName) }
        guard request.owner?.id == env.user.id || env.isSuperuser else { throw Refusal.notOwner() }
        let category = try CategoryRow.require(env.asSuperuser("a category says who decides").record(Category.self, record.id))
        try Requirements.check(request, category)
        let machine = env.asSuperuser("seats are made by the machine").because(category.cause)
        let own = machine.record(Request.self, request.id)
        guard let owner = own.owner else { throw Refusal.missingRequired(["request_owner_id"], in: Request.name) }
        let barred = try Barred(owner: owner.id, target: own.records, policy: nil, request: own)
        let seating = try Seating(category, owner: owner, barred: barred)
        try seating.requireFeasible(category.name)
        try own.write([
            "request_status": "pending", "date_confirmed": .instant(env.now), "policy_version": .text(category.cause),
            "policy_version_id": .int(category.version),
        ])
        try see(own)
        try Seats.set(seating, for: own)
    }
}

/// What a category asks of its requests.
enum Requirements {
    static func check(_ request: Record<Request>, _ category: CategoryRow) throws {
        let missing = try category.required.filter { try request.value($0).isFalsy }
        if !missing.isEmpty { throw Refusal.missingRequired(missing, in: Request.name) }
        if category.needsFile, request.attachments == 0 { throw Refusal.documentsMissing(["any"]) }
    }
}
