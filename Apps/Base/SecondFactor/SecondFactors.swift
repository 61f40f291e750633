import Crypto
import Kernel
import QRCode

/// Setting up, asking for and taking away second factors; for a superuser's environment.
struct SecondFactors {
    /// Recovery codes that a user gets.
    static let codeCount = 10
    /// Letters of a recovery code: 80 bits.
    private static let codeLetters = 16
    /// The name that the phone shows beside the account.
    private static let issuer = "Baton"

    /// What a user types or shows to the phone.
    struct Enrolment: Sendable {
        let key: String
        let address: String

        /// `{key, address, picture}`; the picture is what a phone's camera reads: `{size, path}`, a path in a square of `size` units.
        var values: ValueMap {
            var values: ValueMap = ["key": .text(key), "address": .text(address)]
            if let code = QRCode(address) { values["picture"] = ["size": .int(code.pictureSize), "path": .text(code.path)] }
            return values
        }
    }

    let env: Environment

    init(_ env: Environment) { self.env = env.asSuperuser("second factors are kept where no door reads them") }

    /// Whether a user has one that is asked for.
    func isEnabled(_ user: Int) throws -> Bool { try find(user)?.enabledOn != nil }

    /// Whether one of the user's groups asks for it.
    func isRequired(_ user: Int) throws -> Bool {
        let asking = try env.search(Group.self, .where("totp_required", .equal, .bool(true))).ids
        return try !asking.isEmpty && !Memberships(env).groups(of: user).isDisjoint(with: asking)
    }

    /// How many recovery codes are left.
    func codesLeft(_ user: Int) throws -> Int { try env.count(RecoveryCode.self, .where("user_id", .equal, .int(user))) }

    /// A key for a user who has none yet; the same one until it is confirmed, so that a second page shows no other.
    ///
    /// - Throws: `totp.enabled` when there is one already.
    func enrol(_ user: Int, anew: Bool = false) throws -> Enrolment {
        let login = env.record(User.self, user).login
        let old = try find(user)
        guard old?.enabledOn == nil else { throw Refusal.secondFactorEnabled() }
        if let old, !anew { return enrolment(try key(of: old), login) }
        let key = SystemRandomSource().bytes(OneTimePassword.keyLength)
        let record = try old ?? env.create(SecondFactor.self, ["user_id": .int(user)])
        try record.write(["totp_secret": .text(try Secrets.seal(Base32.encode(key), of: SecondFactor.name, record.id, env))])
        return enrolment(key, login)
    }

    /// Asks for the second factor from now on, once a code has shown that the phone has the key.
    ///
    /// - Returns: Ten recovery codes, shown this once; nil when the code is wrong.
    func confirm(_ user: Int, _ code: String) throws -> [String]? {
        guard let factor = try find(user), factor.enabledOn == nil, try take(code, of: factor) else { return nil }
        try factor.write(["enabled_on": .instant(env.now)])
        try changed(user, "enabled")
        return try makeCodes(user)
    }

    /// Takes a code of the phone or of the paper; each is taken once.
    func use(_ user: Int, _ code: String) throws -> Bool {
        guard let factor = try find(user), factor.enabledOn != nil else { return false }
        if try take(code, of: factor) { return true }
        let digest = SecondFactors.digest(code)
        let codes = try env.search(RecoveryCode.self, .where("user_id", .equal, .int(user)))
        guard let found = codes.first(where: { ConstantTime.equal($0.digest, digest) }) else { return false }
        try found.records.unlink()
        try note(user, "recovery code used")
        return true
    }

    /// Takes the second factor away with its codes, and ends all sessions but one.
    func disable(_ user: Int, keeping session: String? = nil, as how: String = "disabled") throws {
        guard let factor = try find(user) else { return }
        try env.search(RecoveryCode.self, .where("user_id", .equal, .int(user))).unlink()
        try factor.records.unlink()
        try changed(user, how)
        try Session.end(of: user, keeping: session, env)
    }

    /// New recovery codes in place of the old ones.
    func makeCodes(_ user: Int) throws -> [String] {
        try env.search(RecoveryCode.self, .where("user_id", .equal, .int(user))).unlink()
        try note(user, "recovery codes made")
        return try (0..<SecondFactors.codeCount).map { _ in
            let letters = Array(Base32.encode(SystemRandomSource().bytes(SecondFactors.codeLetters * 5 / 8)).lowercased())
            let code = stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<$0 + 4]) }.joined(separator: "-")
            try env.create(RecoveryCode.self, ["user_id": .int(user), "digest": .text(SecondFactors.digest(code))])
            return code
        }
    }

    private func take(_ code: String, of factor: Record<SecondFactor>) throws -> Bool {
        let digits = code.filter { !$0.isWhitespace }
        let password = OneTimePassword(key: try key(of: factor))
        guard let step = password.step(of: digits, at: env.now.seconds, after: factor.lastStep) else { return false }
        try factor.write(["last_step": .int(step)])
        return true
    }

    private func find(_ user: Int) throws -> Record<SecondFactor>? {
        try env.search(SecondFactor.self, .where("user_id", .equal, .int(user)), limit: 1).first
    }

    private func key(of factor: Record<SecondFactor>) throws -> [UInt8] {
        Base32.decode(try Secrets.open(factor.key, of: SecondFactor.name, factor.id, env)) ?? []
    }

    private func enrolment(_ key: [UInt8], _ login: String) -> Enrolment {
        let address = OneTimePassword(key: key).address(account: login, issuer: SecondFactors.issuer)
        return Enrolment(key: Base32.encode(key), address: address)
    }

    /// A new version of the user's record, so that no node remembers a password without its second factor; and a line in the trail.
    private func changed(_ user: Int, _ what: String) throws {
        try env.record(User.self, user).write(["totp_changed": .instant(env.now)])
        try note(user, what)
    }

    private func note(_ user: Int, _ what: String) throws {
        let actor = env.user.id == UserContext.system.id ? user : env.user.id
        let entry = AuditEntry(.system, model: User.name, ids: [user], userId: actor, detail: ["second_factor": .text(what)])
        try env.unit.transaction.appendAudit([entry])
    }

    private static func digest(_ code: String) -> String {
        SHA256.hash(code.lowercased().filter { $0.isLetter || $0.isNumber }).hex
    }
}

extension Refusal {
    static func secondFactorEnabled() -> Refusal {
        Refusal(
            "totp.enabled", .conflict, "You have a second factor already.",
            instruction: "Remove it first if you want to set up another phone.")
    }
}
