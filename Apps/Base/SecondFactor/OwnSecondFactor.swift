import Kernel

/// What a person may do with the second factor of their own.
public struct OwnSecondFactor {
    private let factors: SecondFactors
    private let user: Int

    /// The one of the environment's user.
    public init(_ env: Environment) {
        factors = SecondFactors(env)
        user = env.user.id
    }

    /// `{enabled, required, codes}`: whether it is asked for, whether a role asks for it, and how many recovery codes are left.
    public func state() throws -> ValueMap {
        [
            "enabled": .bool(try factors.isEnabled(user)), "required": .bool(try factors.isRequired(user)),
            "codes": .int(try factors.codesLeft(user)),
        ]
    }

    /// `{key, address, picture}`: a new key for the phone, as letters, as an address, and as a picture `{size, path}` for its camera.
    /// Nothing is asked for until `confirm`.
    ///
    /// - Throws: `totp.enabled`.
    public func begin() throws -> ValueMap {
        try factors.enrol(user, anew: true).values
    }

    /// `{codes}`: asks for it from now on, gives ten recovery codes, and ends the user's other sessions.
    ///
    /// - Throws: `totp.wrong`.
    public func confirm(_ code: String, session: String) throws -> ValueMap {
        guard let codes = try factors.confirm(user, code) else {
            throw Refusal.secondFactorWrong()
        }
        try Session.end(of: user, keeping: session, factors.env)
        return ["codes": .list(codes.map { .text($0) })]
    }

    /// `{codes}`: ten new recovery codes; the old ones hold no longer.
    ///
    /// - Throws: `totp.disabled`.
    public func newCodes() throws -> ValueMap {
        guard try factors.isEnabled(user) else {
            throw Refusal("totp.disabled", .conflict, "You have no second factor.", instruction: "Set it up first.")
        }
        return ["codes": .list(try factors.makeCodes(user).map { .text($0) })]
    }

    /// Takes it away, and ends the user's other sessions.
    ///
    /// - Throws: `totp.required` when a role asks for it.
    public func disable(session: String) throws -> ValueMap {
        guard try !factors.isRequired(user) else {
            throw Refusal(
                "totp.required", .accessDenied, "Your role asks for a second factor.",
                instruction: "An administrator can reset it if you lost the phone.")
        }
        try factors.disable(user, keeping: session)
        return try state()
    }
}
