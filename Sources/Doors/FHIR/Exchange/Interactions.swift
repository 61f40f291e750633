import FHIR
import Kernel
import Referrals

/// Carries out calls.
struct Interactions: Sendable {
    let caller: FHIRCaller

    func perform(_ call: FHIRCall) async throws -> FHIRAnswer {
        switch call.wish {
        case .metadata: return FHIRAnswer(200, CapabilityStatement.resource(base: caller.base))
        case .bundle: return try await BundleDesk(caller: caller).perform(call)
        case .read, .search, .binary: return try await caller.read { try $0.carryOut(call) }
        case .create("ServiceRequest"): return try await ReferralDesk(caller: caller).create(call)
        case .update("ServiceRequest", _), .update("Task", _), .create, .update:
            return try await ReferralDesk(caller: caller).keepingMisfits(call) {
                let call = try Incoming.checked(call)
                if let resource = call.resource { try await DocumentCheck(door: caller.door).check(resource) }
                return try await caller.write { try $0.carryOut(call) }
            }
        }
    }
}

extension FHIRContext {
    /// Carries out a call in this unit of work; whatever makes a referral goes over the intake desk instead.
    func carryOut(_ call: FHIRCall) throws -> FHIRAnswer {
        switch call.wish {
        case .read(let type, let id): return try read(type, id, call)
        case .search(let type): return FHIRAnswer(200, try SearchPlan(call, ResourceCatalogue.require(type)).page(self))
        case .binary(let id): return try BinaryReading.read(id, call, self)
        case .create(let type): return try create(type, call)
        case .update(let type, let id): return try update(type, id, call)
        case .metadata, .bundle: throw FHIRRefusal.invalid("This cannot be an entry of a Bundle.")
        }
    }

    private func read(_ type: String, _ id: String, _ call: FHIRCall) throws -> FHIRAnswer {
        let mapping = try ResourceCatalogue.require(type)
        guard let resource = try find(mapping, id) else { throw FHIRRefusal.notFound(type, id) }
        var answer = FHIRAnswer(200, resource)
        if let tag = call.ifNoneMatch, let version = resource.versionId, ETag.versions(tag).contains(version) {
            answer.status = 304
            answer.isNotModified = true
        }
        return answer
    }

    /// A resource that the caller may see.
    func find(_ mapping: any ResourceMapping, _ id: String) throws -> FHIRResource? {
        guard let number = Int(id), number > 0, String(number) == id else { return nil }
        return try load(mapping, [number]).first
    }

    /// Resources of those ids that the caller may see, in the order of the ids.
    func load(_ mapping: any ResourceMapping, _ ids: [Int]) throws -> [FHIRResource] {
        let model = try env.registry.requireModel(mapping.model)
        let everything = try env.with(context: ["active_test": false])
        let found = try everything.search(model, Domain.where("id", .in, .ids(ids)) & mapping.scope(everything), order: "id")
        let visible = Set(found.ids)
        return try mapping.resources(Records(model, ids.filter(visible.contains), everything), self)
    }

    private func create(_ type: String, _ call: FHIRCall) throws -> FHIRAnswer {
        let mapping = try ResourceCatalogue.require(type)
        guard mapping.interactions.contains(.create), let resource = call.resource else {
            throw FHIRRefusal.notAllowed("A \(type) cannot be created here.", allowed: ["GET", "HEAD"])
        }
        if let query = call.ifNoneExist, let known = try existing(mapping, query) {
            return FHIRAnswer(200, known, location: known.reference)
        }
        let made = try mapping.create(resource, self)
        try env.unit.flush()
        guard let stored = try find(mapping, String(made.id)) else { throw FHIRRefusal.notFound(type, String(made.id)) }
        return FHIRAnswer(made.isNew ? 201 : 200, stored, location: stored.reference)
    }

    /// What a conditional create finds: nothing, one, or too much.
    func existing(_ mapping: any ResourceMapping, _ query: String) throws -> FHIRResource? {
        var call = FHIRCall(.search(mapping.type))
        let text = query.hasPrefix("?") ? String(query.dropFirst()) : query
        call.query = SearchTerm.list(text.hasPrefix(mapping.type + "?") ? String(text.dropFirst(mapping.type.count + 1)) : text)
        let plan = try SearchPlan(call, mapping)
        guard plan.hasCriteria else { throw FHIRRefusal.invalid("If-None-Exist names no search parameter.") }
        let ids = try plan.ids(self, limit: 2)
        guard ids.count < 2 else {
            throw FHIRRefusal(
                412, "fhir.multiple_matches", .multipleMatches,
                "Several \(mapping.type) resources match If-None-Exist. Use a narrower condition.")
        }
        return try load(mapping, ids).first
    }

    private func update(_ type: String, _ id: String, _ call: FHIRCall) throws -> FHIRAnswer {
        let mapping = try ResourceCatalogue.require(type)
        guard mapping.interactions.contains(.update), let resource = call.resource else {
            throw FHIRRefusal.notAllowed("A \(type) cannot be changed here.", allowed: ["GET", "HEAD"])
        }
        guard let present = try find(mapping, id), let number = Int(id) else {
            throw FHIRRefusal.notAllowed(
                "There is no \(type)/\(id.shown), and this server gives ids itself. Post it to \(type) instead.",
                allowed: ["GET", "HEAD", "POST"])
        }
        guard resource.id == id else {
            throw FHIRRefusal.invalid("The resource's id must be '\(id.shown)', as in the address.", at: "\(type).id")
        }
        if let tag = call.ifMatch { try ETag.check(tag, present, try env.records(mapping.model, [number])) }
        try mapping.update(number, resource, self)
        try env.unit.flush()
        guard let stored = try find(mapping, id) else { throw FHIRRefusal.notFound(type, id) }
        return FHIRAnswer(200, stored, location: nil)
    }
}

/// Versions in the headers of HTTP: `W/"3"`.
enum ETag {
    /// The versions in a header; `*` is one.
    static func versions(_ header: String) -> [String] {
        header.split(separator: ",").map { part in
            var text = part.filter { $0 != " " }
            if text.hasPrefix("W/") { text.removeFirst(2) }
            return text.filter { $0 != "\"" }
        }
    }

    /// Refuses a change of another version than the present one, and says what changed since, by whom and when.
    static func check(_ header: String, _ present: FHIRResource, _ record: Records) throws {
        let wanted = versions(header)
        let version = present.versionId ?? ""
        if wanted.contains(version) || wanted == ["*"] { return }
        let changed = try changes(of: record, since: wanted.compactMap { Int($0) }.max(), now: Int(version))
        throw FHIRRefusal(
            412, "record.stale", .conflict,
            "\(present.reference ?? present.type) is at version \(version), not \(wanted.joined(separator: ", ").shown).\(changed) "
                + "Read it again and repeat your change."
        )
    }

    /// What changed, as sentences; nothing when the version is not one that the record had.
    private static func changes(of record: Records, since wanted: Int?, now version: Int?) throws -> String {
        guard let wanted, let version, wanted < version, let id = record.ids.first else { return "" }
        let refusal = try record.stale(id, expected: wanted, found: version)
        return (refusal.details["changes"]?.listValue ?? []).compactMap { change in
            guard let change = change.mapValue, let names = change["fields"]?.listValue,
                let user = change["user"]?.listValue?.last?.textValue,
                case .instant(let at)? = change["at"]
            else { return nil }
            return " \(user) changed \(names.compactMap(\.textValue).joined(separator: ", ")) on \(at) UTC."
        }.joined()
    }
}

/// Reading and judging what a client sends.
enum Incoming {
    /// The call with its resource read and found correct.
    static func checked(_ call: FHIRCall) throws -> FHIRCall {
        var call = call
        var type: String?
        switch call.wish {
        case .create(let name), .update(let name, _): type = name
        default: break
        }
        call.resource = try checked(call.resource ?? read(call.body, call), type)
        return call
    }

    private static func read(_ body: [UInt8], _ call: FHIRCall) throws -> FHIRResource {
        do { return try FHIRResource.parse(body) } catch { throw FHIRRefusal(400, "fhir.unreadable", [error]) }
    }

    /// Refuses a resource of another type, or one that does not follow R4's definitions.
    static func checked(_ resource: FHIRResource, _ type: String?) throws -> FHIRResource {
        if let type, resource.type != type {
            throw FHIRRefusal.invalid("The address wants a \(type), but the body is a \(resource.type.shown).", at: "resourceType")
        }
        let problems = resource.problems().filter(\.isError)
        if !problems.isEmpty { throw FHIRRefusal(400, "fhir.invalid", problems) }
        return resource
    }
}
