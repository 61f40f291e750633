import Base
import HTTPServer
import JSON
import Kernel

/// `/web/session/*` and the versions.
struct WebRoutes: Sendable {
    let door: RPCDoor

    func add(to router: inout Router) {
        let routes = self
        let limit = door.configuration.limits.bodyBytes
        router.on(.post, "/web/session/authenticate", bodyLimit: limit) { await routes.authenticate($0) }
        router.on(.post, "/web/session/get_session_info") { await routes.info($0) }
        router.on(.post, "/web/session/check") { await routes.check($0) }
        router.on(.post, "/web/session/destroy") { await routes.destroy($0) }
        router.on(.post, "/web/session/modules") { await routes.modules($0) }
        router.on(.post, "/web/webclient/version_info") { await routes.version($0) }
        router.onAtOnce(.get, "/web/webclient/version_info") { _ in WebRoutes.json(ServerVersion.value) }
        router.onAtOnce(.get, "/web/version") { _ in WebRoutes.json(ServerVersion.web) }
        router.onAtOnce(.post, "/web/version") { _ in WebRoutes.json(ServerVersion.web) }
    }

    private static func json(_ value: Value) -> HTTPResponse {
        var writer = JSONWriter(capacity: 256)
        writer.value(value)
        return .json(bytes: writer.take())
    }

    private func version(_ request: HTTPRequest) async -> HTTPResponse {
        await door.web(request, "version_info") { _, encode in (try encode(.value(ServerVersion.value)), nil) }
    }

    private func authenticate(_ request: HTTPRequest) async -> HTTPResponse {
        await door.web(request, "session.authenticate") { call, encode in
            let name = call.text("db") ?? ""
            guard name.isEmpty || name == door.configuration.databaseName else { throw Refusal.unknownDatabase(name) }
            guard let login = call.text("login"), let password = call.text("password") else { throw Refusal.wrongCredentials() }
            let (address, code) = (request.remoteAddress, call.text("totp") ?? "")
            let enter: @Sendable () async throws -> SignedIn = {
                let found = try await door.authenticator.signIn(login: login, secret: password, code: code, address: address)
                guard let found else { throw Refusal.wrongCredentials() }
                return found
            }
            let (signedIn, id) = try await begin(call, enter)
            // Shown this once, to whoever set up a second factor on the way in.
            let codes = signedIn.recoveryCodes.map { Value.text($0) }
            let more: ValueMap = codes.isEmpty ? [:] : ["totp_recovery_codes": .list(codes)]
            return (try await SessionInfo(door: door, user: signedIn.verified.userId, more: more).answer(encode), door.cookie(id, request))
        }
    }

    /// Begins a session; when the user changed a moment ago, after one more check.
    private func begin(_ call: WebCall, _ enter: () async throws -> SignedIn) async throws -> (SignedIn, String) {
        let address = call.request.remoteAddress
        let first = try await enter()
        do {
            return (first, try await door.authenticator.begin(first.verified, ending: call.session, address: address))
        } catch is StaleCredential {
            let fresh = try await enter()
            return (fresh, try await door.authenticator.begin(fresh.verified, ending: call.session, address: address))
        }
    }

    private func info(_ request: HTTPRequest) async -> HTTPResponse {
        await door.web(request, "session.info") { call, encode in
            let user = try await confirmed(call)
            return (try await SessionInfo(door: door, user: user).answer(encode), nil)
        }
    }

    private func check(_ request: HTTPRequest) async -> HTTPResponse {
        await door.web(request, "session.check") { call, encode in
            _ = try await confirmed(call)
            return (try encode(.value(.null)), nil)
        }
    }

    private func destroy(_ request: HTTPRequest) async -> HTTPResponse {
        await door.web(request, "session.destroy") { call, encode in
            if let id = call.session { try await door.authenticator.end(session: id, address: request.remoteAddress) }
            return (try encode(.value(.null)), door.cookie(nil, request))
        }
    }

    private func modules(_ request: HTTPRequest) async -> HTTPResponse {
        await door.web(request, "session.modules") { call, encode in
            _ = try await confirmed(call)
            return (try encode(.value(.list(door.database.registry.apps.map { .text($0.name) }))), nil)
        }
    }

    /// The user of a session that holds at this moment.
    private func confirmed(_ call: WebCall) async throws -> Int {
        let authenticator = door.authenticator
        for _ in 0..<2 {
            let verified = try await door.verified(call)
            do {
                try await door.database.read(as: .system, superuser: true) { try authenticator.confirm(verified, in: $0) }
                return verified.userId
            } catch is StaleCredential { continue }
        }
        throw Refusal.sessionExpired()
    }
}
