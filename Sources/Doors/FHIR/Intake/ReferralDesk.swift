import FHIR
import Kernel
import Referrals

/// Referrals by FHIR: the original is stored first, then carried out; what fails gets an owner.
struct ReferralDesk: Sendable {
    let caller: FHIRCaller

    /// A ServiceRequest on its own.
    func create(_ call: FHIRCall) async throws -> FHIRAnswer {
        if let query = call.ifNoneExist {
            let known = try await caller.read { try $0.existing(ServiceRequestMapping(), query) }
            if let known { return FHIRAnswer(200, known, location: known.reference) }
        }
        return try await keep(call, name: "ServiceRequest", read: { try Incoming.checked(call) }) { call, context, intake in
            guard let request = call.resource else { throw FHIRRefusal.invalid("There is no ServiceRequest.") }
            let (data, _) = try ReferralReader(context: context).read(request)
            let newest = try context.newest(Referral.self)
            let referral = try IntakeDesk.accept(data, intake: intake, in: context.env)
            try context.env.unit.flush()
            guard let stored = try context.find(ServiceRequestMapping(), String(referral.id)) else {
                throw FHIRRefusal.notFound("ServiceRequest", String(referral.id))
            }
            return FHIRAnswer(referral.id > newest ? 201 : 200, stored, location: stored.reference)
        }
    }

    /// Stores what came, carries it out in a unit of work of its own, and keeps the answer, or why there is none.
    ///
    /// - Parameters:
    ///   - read: Understands and judges the body; it runs after the body is stored when it fails.
    func keep(
        _ call: FHIRCall, name: String, controlId: String = "", read: @escaping @Sendable () async throws -> FHIRCall,
        _ work: @escaping @Sendable (FHIRCall, FHIRContext, Int) throws -> FHIRAnswer
    ) async throws -> FHIRAnswer {
        let receipt = try await store(call, name, controlId)
        if receipt.isFinished, let answer = ReferralDesk.kept(receipt.answer) { return answer }
        do {
            let call = try await read()
            return try await caller.write { context in
                let own = context.env.asSuperuser("whether another request carried the same message out meanwhile")
                let intake = own.record(Intake.self, receipt.intakeId)
                if intake.state == .processed, let answer = ReferralDesk.kept(intake.answer) { return answer }
                let answer = try work(call, context, receipt.intakeId)
                try IntakeDesk.keep(answer: answer.resource?.serialized() ?? [], intake: receipt.intakeId, in: context.env)
                return answer
            }
        } catch {
            try await fail(error, receipt.intakeId)
            throw error
        }
    }

    /// Carries out what is no referral; a body that was refused is kept, with an exception that has an owner.
    ///
    /// Nothing is kept of somebody who is not known, of what may succeed when sent again, and of bodies beyond `keptBytes`.
    func keepingMisfits(_ call: FHIRCall, _ work: () async throws -> FHIRAnswer) async throws -> FHIRAnswer {
        do { return try await work() } catch {
            let refusal = FHIRExchange(door: caller.door).refusal(error, call.label)
            let body = ReferralDesk.body(call)
            // A document that outlasted its reader may be a bomb: it is kept although it may be sent again.
            let isMisfit =
                ([400, 403, 409, 412, 413, 422].contains(refusal.status) || refusal.code == "document.too_slow") && !body.isEmpty
            if isMisfit, body.count <= caller.door.configuration.keptBytes {
                try await caller.write { context in
                    let arrival = IntakeDesk.Arrival(
                        channel: .fhir, sender: context.env.user.login, name: call.label, mediaType: "application/fhir+json", content: body)
                    let receipt = try IntakeDesk.store(arrival, in: context.env)
                    if !receipt.isFinished { try IntakeDesk.fail(refusal.refusal, intake: receipt.intakeId, in: context.env) }
                }
            }
            throw error
        }
    }

    private static func body(_ call: FHIRCall) -> [UInt8] { call.body.isEmpty ? call.resource?.serialized() ?? [] : call.body }

    private func store(_ call: FHIRCall, _ name: String, _ controlId: String) async throws -> IntakeDesk.Receipt {
        let body = ReferralDesk.body(call)
        return try await caller.write { context in
            try context.env.checkRight(.create, on: context.env.registry.schema(Referral.self))
            let arrival = IntakeDesk.Arrival(
                channel: .fhir, sender: context.env.user.login, controlId: controlId, name: name, mediaType: "application/fhir+json",
                content: body)
            return try IntakeDesk.store(arrival, in: context.env)
        }
    }

    /// Gives what failed an owner; what may succeed when sent again is left as it is.
    private func fail(_ error: any Error, _ intake: Int) async throws {
        if (error as? Refusal)?.kind == .unavailable { return }
        let reason: any Error = (error as? FHIRRefusal)?.refusal ?? error
        try await caller.write { try IntakeDesk.fail(reason, intake: intake, in: $0.env) }
    }

    /// The answer that was given to the same message before.
    private static func kept(_ bytes: [UInt8]) -> FHIRAnswer? {
        guard !bytes.isEmpty, let resource = try? FHIRResource.parse(bytes) else { return nil }
        return FHIRAnswer(200, resource, location: resource.type == "Bundle" ? nil : resource.reference)
    }
}

extension FHIRContext {
    /// The greatest id of a model so far: what is greater afterwards is new.
    func newest<M: Model>(_ type: M.Type) throws -> Int {
        let everything = try env.asSuperuser("only the greatest number is looked at").with(context: ["active_test": false])
        return try everything.search(type, order: "id desc", limit: 1).first?.id ?? 0
    }
}
