import Base
import Kernel
import Referrals

/// Brings confirmed answers to the intake desk: stored first, then carried out.
struct Submission: Sendable {
    let door: PortalDoor

    /// Referrals taken up again at one start.
    private static let recoveryLimit = 200

    /// Sends a draft; the same draft sent twice makes one referral.
    ///
    /// - Throws: What the app refuses; then the answers are kept and somebody has been told.
    func send(_ draft: PortalDraft, _ id: String, _ names: [String]) async throws -> PortalDraft.Result {
        let user = try await door.user()
        let context = Submission.context(draft)
        let arrival = IntakeDesk.Arrival(
            channel: .portal, sender: Submission.sender(draft), controlId: id, name: "Referral from the portal",
            mediaType: "application/json", content: draft.original(names))
        let receipt = try await door.database.write(as: user, context: context) { try IntakeDesk.store(arrival, in: $0) }
        if receipt.isFinished, let referral = receipt.referralId { return try await result(of: referral) }
        return try await carryOut(draft, intake: receipt.intakeId, user: user, context: context)
    }

    /// Takes up what was stored when the process ended and not carried out.
    func recover(olderThan seconds: Int = 0) async throws {
        let left = try await door.database.read(as: .system, superuser: true) { env -> [(Int, [UInt8])] in
            let domain =
                Domain.where("channel", .equal, "portal") & .where("state", .equal, "received")
                & .where("create_date", .lessOrEqual, .instant(env.now + -seconds))
            return try env.search(Intake.self, domain, order: "id", limit: Submission.recoveryLimit).map { ($0.id, $0.content) }
        }
        if left.isEmpty { return }
        let user = try await door.user()
        for (intake, content) in left {
            guard let draft = PortalDraft(original: content) else { continue }
            // A failure has an owner by now; the others go on.
            _ = try? await carryOut(draft, intake: intake, user: user, context: Submission.context(draft))
        }
    }

    private func carryOut(_ draft: PortalDraft, intake: Int, user: Int, context: ValueMap) async throws -> PortalDraft.Result {
        let data = PortalForm.data(draft)
        do {
            return try await door.database.write(as: user, context: context) { env in
                let referral = try IntakeDesk.accept(data, intake: intake, in: env)
                let id = env.asSuperuser("which draft it was").record(Intake.self, intake).controlId
                try IntakeDesk.forgive(.portal, controlId: PortalRefusals.controlId(id), in: env)
                return try Submission.result(of: referral.id, env)
            }
        } catch {
            try await door.database.write(as: user, context: context) { try IntakeDesk.fail(error, intake: intake, in: $0) }
            throw error
        }
    }

    private func result(of referral: Int) async throws -> PortalDraft.Result {
        try await door.database.read(as: .system, superuser: true) { try Submission.result(of: referral, $0) }
    }

    private static func result(of id: Int, _ env: Environment) throws -> PortalDraft.Result {
        let referral = env.asSuperuser("whoever sent a referral gets the address of its status page").record(Referral.self, id)
        return PortalDraft.Result(number: referral.number, token: referral.statusToken)
    }

    private static func context(_ draft: PortalDraft) -> ValueMap {
        guard let site = draft.values["site"].flatMap(Int.init) else { return [:] }
        return ["allowed_company_ids": .ids([site])]
    }

    private static func sender(_ draft: PortalDraft) -> String {
        "portal:" + String((draft.values["referrer_npi"] ?? "").filter(\.isNumber))
    }
}
