import Base
import Crypto
import HTTPServer
import Kernel
import Store

/// Who called, and how they showed it.
public struct Caller: Sendable {
    /// The user's id.
    public var userId: Int { verified.userId }
    /// The session's id where a browser called; empty for programs.
    public let session: String
    /// Through whose eyes they look, to read only; nil nearly always.
    public var seeing: Verified.Seeing? { verified.seeing }
    fileprivate let verified: Verified
    fileprivate let renew: @Sendable () async throws -> Verified?
}

/// Tells who calls: by session cookie, Basic or Bearer.
public struct CallerGate: Sendable {
    /// The cookie that holds a session's id, as Odoo names it.
    public static let cookie = "session_id"

    /// The database behind it.
    public let database: Database
    /// Who verifies.
    public let authenticator: Authenticator

    /// A gate to a database.
    public init(_ database: Database, _ authenticator: Authenticator) {
        self.database = database
        self.authenticator = authenticator
    }

    /// The caller of a request.
    ///
    /// - Throws: `login.required`, `login.wrong`, `login.foreign_page`, `login.throttled`.
    public func caller(of request: HTTPRequest) async throws -> Caller {
        if let credentials = request.headers["Authorization"] { return try await program(credentials, request.remoteAddress) }
        guard let caller = try await browser(of: request) else { throw Refusal.loginRequired() }
        return caller
    }

    /// The browser's user; nil when nobody is signed in.
    public func browser(of request: HTTPRequest) async throws -> Caller? {
        guard let id = request.cookie(CallerGate.cookie), !id.isEmpty else { return nil }
        let find: @Sendable () async throws -> Verified? = { [authenticator] in try await authenticator.verify(session: id) }
        guard let verified = try await find() else { return nil }
        if request.method != .get, request.method != .head, !CallerGate.isFromOwnPage(request) { throw Refusal.foreignPage() }
        return Caller(session: id, verified: verified, renew: find)
    }

    /// Browsers say where a form comes from; a page of somebody else must not act for whoever is signed in.
    public static func isFromOwnPage(_ request: HTTPRequest) -> Bool {
        if let site = request.headers["Sec-Fetch-Site"], site != "same-origin", site != "none" { return false }
        guard let origin = request.headers["Origin"] else { return true }
        guard let host = request.headers["Host"], let slashes = origin.firstRange(of: "://") else { return false }
        return origin[slashes.upperBound...].lowercased() == host.lowercased()
    }

    private func program(_ header: String, _ address: String) async throws -> Caller {
        let words = header.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { throw Refusal.wrongLogin() }
        let secret = String(words[1])
        let find: @Sendable () async throws -> Verified?
        switch words[0].lowercased() {
        case "bearer": find = { [authenticator] in try await authenticator.verify(key: secret, address: address) }
        case "basic":
            guard let bytes = Base64.standard.decode(secret), let text = String(validating: bytes, as: UTF8.self),
                let colon = text.firstIndex(of: ":")
            else { throw Refusal.wrongLogin() }
            let (login, password) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
            find = { [authenticator] in try await authenticator.verify(login: login, secret: password, address: address) }
        default: throw Refusal.wrongLogin()
        }
        guard let verified = try await find() else { throw Refusal.wrongLogin() }
        return Caller(session: "", verified: verified, renew: find)
    }

    /// Runs a unit of work that only reads for a caller, as the user through whose eyes they look where there is one.
    public func read<Answer: Sendable>(
        _ caller: Caller, context: ValueMap = [:], _ body: @escaping @Sendable (Environment) throws -> Answer
    ) async throws -> Answer {
        try await retrying(caller) { [database, authenticator] verified in
            if let seeing = verified.seeing {
                let user: UserContext
                do { user = try await database.blocking { try authenticator.seen(seeing, by: verified.userId) } } catch {
                    // Whoever is gone by now is looked through no longer: then it is verified anew.
                    try await database.read(as: .system, superuser: true) { try authenticator.confirm(verified, in: $0) }
                    throw error
                }
                return try await database.read(as: user, context: context) { env in
                    try authenticator.confirm(verified, in: env)
                    return try body(env)
                }
            }
            return try await database.read(as: verified.userId, context: context) { env in
                try authenticator.confirm(verified, in: env)
                return try body(env)
            }
        }
    }

    /// Runs a unit of work that may write for a caller; refused with `view_as.read_only` while they look through somebody else's eyes.
    public func write<Answer: Sendable>(
        _ caller: Caller, context: ValueMap = [:], _ body: @escaping @Sendable (Environment) throws -> Answer
    ) async throws -> Answer {
        try await retrying(caller) { [database, authenticator] verified in
            if verified.seeing != nil {
                try await database.read(as: .system, superuser: true) { try authenticator.confirm(verified, in: $0) }
                throw Refusal.onlyLooking()
            }
            return try await database.write(as: verified.userId, context: context) { env in
                try authenticator.confirm(verified, in: env)
                return try body(env)
            }
        }
    }

    /// What was verified may be old by now: then it is verified once more.
    private func retrying<Answer: Sendable>(_ caller: Caller, _ work: (Verified) async throws -> Answer) async throws -> Answer {
        do { return try await work(caller.verified) } catch is StaleCredential {
            guard let fresh = try await caller.renew() else { throw Refusal.loginRequired() }
            do { return try await work(fresh) } catch is StaleCredential { throw Refusal.loginRequired() }
        }
    }
}

extension Refusal {
    /// Nobody is signed in.
    public static func loginRequired() -> Refusal {
        Refusal(
            "login.required", .unauthenticated, "You are not signed in.",
            instruction: "Sign in, or send an API key as `Authorization: Bearer …`.")
    }

    /// Wrong login, password or key.
    static func wrongLogin() -> Refusal {
        Refusal("login.wrong", .unauthenticated, "The login, password or API key is not right.", instruction: "Check it and try again.")
    }

    /// A form of another site, sent with somebody's session.
    public static func foreignPage() -> Refusal {
        Refusal(
            "login.foreign_page", .accessDenied, "The request came from a page of another site.",
            instruction: "Open the page of this site and send it from there, or use an API key.")
    }
}
