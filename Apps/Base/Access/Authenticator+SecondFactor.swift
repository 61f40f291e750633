import Kernel
import Store

/// Somebody who signed in.
public struct SignedIn: Sendable {
    /// Who it is.
    public let verified: Verified
    /// Ten codes for the day without a phone, shown this once; empty but when the second factor was set up on the way in.
    public let recoveryCodes: [String]
}

/// What a person must show beside the password.
enum SecondStep: Sendable, Equatable {
    /// Nothing.
    case none
    /// A code.
    case code
    /// A code of a phone that is yet to be set up.
    case enrolment

    init(of user: Int, _ env: Environment) throws {
        let factors = SecondFactors(env)
        self = try factors.isEnabled(user) ? .code : factors.isRequired(user) ? .enrolment : .none
    }
}

/// Signing in as a person, with a second factor where there is one.
extension Authenticator {
    /// Who shows a password.
    enum Caller: Sendable {
        /// A program, which has no phone: it shows an API key.
        case program
        /// A person at a form, with a code once it is asked for.
        case person(code: String)
    }

    /// What came out of looking at a password and a code.
    enum Finding: Sendable {
        case wrong
        case right(version: Int, codes: [String])
        /// The password is right and does not suffice.
        case stopped(Refusal, isFailure: Bool)

        /// How the attempt ends for the throttle. A right password alone is no success, so that it does not end the count of wrong codes.
        var ending: LoginThrottle.Ending {
            switch self {
            case .wrong, .stopped(_, isFailure: true): .failed
            case .stopped: .unknown
            case .right: .succeeded
            }
        }
    }

    /// Verifies a person at a form.
    ///
    /// - Parameter code: What the phone shows, or a recovery code; empty before it is asked for.
    /// - Returns: nil when login and password do not belong together.
    /// - Throws: `login.totp_required`; `login.totp_enrolment` with `key`, `address` and `picture` for whoever must set it up first;
    ///   `login.totp_wrong`; and what `verify` throws.
    public func signIn(login: String, secret: String, code: String, address: String) async throws -> SignedIn? {
        let claim = Claim.login(login)
        let digest = memo.digest(claim, secret)
        // What is remembered needed no code.
        if let known = memo.find(digest, at: database.clock.now) { return SignedIn(verified: known, recoveryCodes: []) }
        return try await check(claim, secret, address, digest, as: .person(code: code))
    }

    /// Makes sure that whoever sits at a session knows the password, before something that a passer-by must not do.
    ///
    /// - Throws: `login.wrong_password`, `login.throttled`.
    public func requirePassword(_ password: String, of user: Int, address: String) async throws {
        let account = try await database.read(as: .system, superuser: true) { try Account.find(.user(user), secret: "", $0) }
        try await throttle.enter("#\(user)", address)
        let isRight: Bool
        do { isRight = try await passwords.verify(password, account?.passwordHash ?? "") } catch {
            try? await throttle.leave("#\(user)", address, .unknown)
            throw error
        }
        try await throttle.leave("#\(user)", address, isRight ? .succeeded : .failed)
        guard isRight else {
            trail.failed(user: user, address: address)
            throw Refusal("login.wrong_password", .accessDenied, "The password is not right.", instruction: "Try again.")
        }
    }

    func judge(_ claim: Claim, _ secret: String, _ found: Account?, _ caller: Caller) async throws -> Finding {
        guard let account = found else {
            // As long as a wrong password would take; a key that stands alone has no login to find out.
            if case .key = claim { return .wrong }
            _ = try await passwords.verify(secret, "")
            return .wrong
        }
        if account.grant == nil, try await !passwords.verify(secret, account.passwordHash) { return .wrong }
        if account.second == .none { return .right(version: account.version, codes: []) }
        guard case .person(let code) = caller else { return .stopped(.keyRequired(), isFailure: false) }
        if !code.isEmpty { return try await judge(code, account) }
        if account.second == .code { return .stopped(.codeRequired(), isFailure: false) }
        let enrolment = try await database.write(as: .system, superuser: true) { try SecondFactors($0).enrol(account.id) }
        return .stopped(.enrolmentRequired(enrolment), isFailure: false)
    }

    private func judge(_ code: String, _ account: Account) async throws -> Finding {
        let codes = try await database.write(as: .system, superuser: true) { env -> [String]? in
            let factors = SecondFactors(env)
            if account.second == .enrolment { return try factors.confirm(account.id, code) }
            return try factors.use(account.id, code) ? [] : nil
        }
        guard let codes else { return .stopped(.wrongCode(), isFailure: true) }
        let version = try await database.read(as: .system, superuser: true) { $0.record(User.self, account.id).version }
        return .right(version: version, codes: codes)
    }
}

extension Refusal {
    static func keyRequired() -> Refusal {
        Refusal(
            "login.key_required", .accessDenied, "This user signs in with a second factor, so that a password alone is not taken here.",
            instruction: "Make an API key in My settings, and send it in place of the password.")
    }

    static func codeRequired() -> Refusal {
        Refusal(
            "login.totp_required", .unauthenticated, "A code from your phone is needed.",
            instruction: "Send the six digits that your phone shows, or a recovery code, with login and password.")
    }

    static func enrolmentRequired(_ enrolment: SecondFactors.Enrolment) -> Refusal {
        Refusal(
            "login.totp_enrolment", .unauthenticated, "Your role asks for a second factor, and you have none yet.",
            instruction: "Add the key to the app on your phone, and send the six digits that it shows with login and password.",
            details: enrolment.values)
    }

    static func wrongCode() -> Refusal {
        Refusal(
            "login.totp_wrong", .unauthenticated, "The code is not right, or was used before.",
            instruction: "Wait for the next one and try again.")
    }
}
