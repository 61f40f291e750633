import HL7v2
import Kernel
import Referrals
import Store

/// Carries out one stored message and keeps its answers, in one unit of work.
struct Carrier {
    /// How it ended.
    enum Ending: Sendable {
        /// Carried out, now or before; these answers were kept.
        case done([[UInt8]])
        /// It cannot be done as it is; the reason is kept, and an exception has an owner.
        case refused([UInt8]?, Refusal)
        /// Not now; it stays as it is and is tried again.
        case postponed(Refusal)
    }

    private static let pausesMicroseconds: [UInt32] = [0, 50_000, 250_000]

    let database: Database
    let user: UserContext
    let intakeId: Int
    let sender: String
    let answers: AnswerWriter

    func run(pause: (UInt32) -> Void) -> Ending {
        var last = Refusal.notNow
        for microseconds in Self.pausesMicroseconds {
            pause(microseconds)
            do {
                return .done(try attempt())
            } catch let problem as HL7Error {
                return refuse(problem, problem.refusal)
            } catch let refusal as Refusal where refusal.kind == .unavailable {
                last = refusal
            } catch let refusal as Refusal {
                return refuse(HL7Error(refusal), refusal)
            } catch {
                let refusal = Refusal("intake.failed", .internalFault, "The message could not be carried out.")
                return refuse(HL7Error(refusal), refusal)
            }
        }
        return .postponed(last)
    }

    private func attempt() throws -> [[UInt8]] {
        let verdict = HL7Verdict(answers.message)
        if verdict.outcome(takingLax: true) != .accepted, let problem = verdict.error { throw problem }
        let order = try Order.read(answers.message, sender: sender)
        let (intakeId, sender, answers) = (intakeId, sender, answers)
        return try database.writeBlocking(as: user) { env in
            // Two connections, or a connection and recovery, may have the same message in hand.
            let standing = try IntakeDesk.standing(of: intakeId, in: env)
            if standing.isFinished { return AnswerPack.unpack(standing.answer) }
            let facts = try Carrier.perform(order, intakeId, sender, env)
            let application = answers.application(.accepted, [], facts)
            let kept = AnswerPack.pack([answers.commit(.accepted), application])
            try IntakeDesk.keep(answer: kept, intake: intakeId, in: env)
            return AnswerPack.unpack(kept)
        }
    }

    private static func perform(_ order: Order, _ intakeId: Int, _ sender: String, _ env: Environment) throws -> ReferralFacts? {
        switch order {
        case .referral(let data): return ReferralFacts(try IntakeDesk.accept(data, intake: intakeId, in: env))
        case .status(let externalId, let number):
            let referral = try IntakeDesk.find(externalId: externalId, number: number, sender: sender, in: env)
            try IntakeDesk.finish(intakeId, referral: referral.id, in: env)
            return ReferralFacts(referral)
        case .patient(let values, let wish):
            try PatientIntake.apply(values, wish, intake: intakeId, in: env)
            return nil
        }
    }

    /// Keeps why it was not done; what cannot even be kept is postponed.
    private func refuse(_ problem: HL7Error, _ refusal: Refusal) -> Ending {
        let application = answers.application(.failed, [problem])
        let kept = AnswerPack.pack([answers.commit(.accepted), application])
        do {
            try Carrier.fail(intakeId, refusal, kept, database, user)
            return .refused(application, refusal)
        } catch {
            return .postponed(error as? Refusal ?? .notNow)
        }
    }

    /// Marks an intake as failed, with an exception that has an owner; one that somebody finished meanwhile stays finished.
    static func fail(_ intakeId: Int, _ refusal: Refusal, _ answer: [UInt8], _ database: Database, _ user: UserContext) throws {
        try database.writeBlocking(as: user) { env in
            if try IntakeDesk.standing(of: intakeId, in: env).isFinished { return }
            try IntakeDesk.fail(refusal, intake: intakeId, in: env)
            try IntakeDesk.keep(answer: answer, intake: intakeId, in: env)
        }
    }
}
