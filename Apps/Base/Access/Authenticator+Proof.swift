import Kernel
import Store

/// Showing once more, in a session, who sits at it.
extension Authenticator {
    /// What whoever sits at a session types.
    public enum ShownSecret: Sendable {
        /// The password, of whoever has no second factor.
        case password(String)
        /// What the phone shows, or a recovery code.
        case code(String)
    }

    /// Notes in a session that its person has shown once more who they are.
    ///
    /// Whoever has a second factor shows a code: the password alone, which others may know, does not do.
    /// - Returns: Until when that holds.
    /// - Throws: `login.wrong_password`, `totp.wrong`, `login.proof_code` for a password in the place of a code, `login.throttled`;
    ///   `login.required` when the session is gone.
    public func prove(_ secret: ShownSecret, session id: String, of user: Int, address: String) async throws -> Instant {
        let account = try await database.read(as: .system, superuser: true) { try Account.find(.user(user), secret: "", $0) }
        let means: String
        switch (secret, account?.second == .code) {
        case (.code(let code), true):
            try await requireCode(code, of: user, address: address)
            means = "code"
        case (.password(let password), false):
            try await requirePassword(password, of: user, address: address)
            means = "password"
        case (.password, true): throw Refusal.codeInPlace()
        case (.code, false): throw Refusal.secondFactorWrong()
        }
        let digest = Authenticator.digest(id)
        let until = try await database.write(as: .system, superuser: true) { env in
            let own = Domain.where("token_digest", .equal, .text(digest)) & .where("user_id", .equal, .int(user))
            guard let session = try env.search(Session.self, own & .where("expires", .greater, .instant(env.now)), limit: 1).first else {
                throw Refusal.noSessionToSee()
            }
            try session.write(["proven_on": .instant(env.now)])
            let detail: ValueMap = ["proof": .text(means), "address": .text(address)]
            try env.unit.transaction.appendAudit([AuditEntry(.system, model: User.name, ids: [user], userId: user, detail: detail)])
            return env.now + (try FreshProof.minutes(env)) * 60
        }
        memo.forget(memo.digest(.session, id))
        return until
    }

    /// Makes sure that whoever sits at a session has the phone; wrong codes are slowed down like wrong passwords.
    private func requireCode(_ code: String, of user: Int, address: String) async throws {
        try await throttle.enter("#\(user)", address)
        let isRight: Bool
        do { isRight = try await database.write(as: .system, superuser: true) { try SecondFactors($0).use(user, code) } } catch {
            try? await throttle.leave("#\(user)", address, .unknown)
            throw error
        }
        try await throttle.leave("#\(user)", address, isRight ? .succeeded : .failed)
        guard isRight else {
            trail.failed(user: user, address: address)
            throw Refusal.secondFactorWrong()
        }
    }
}

extension Refusal {
    static func codeInPlace() -> Refusal {
        Refusal(
            "login.proof_code", .accessDenied, "You have a second factor: the password alone does not show that it is you.",
            instruction: "Send the six digits that your phone shows, or a recovery code.")
    }

    static func secondFactorWrong() -> Refusal {
        Refusal(
            "totp.wrong", .validation, "The code is not right, or was used before.", instruction: "Wait for the next one and try again.")
    }
}
