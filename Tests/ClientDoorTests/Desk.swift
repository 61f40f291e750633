import Base
import ClientDoor
import Foundation
import HTTPServer
import JSON
import Kernel
import Store
import TestKit

/// A database with the client's door, asked without a network.
final class Desk: Sendable {
    let world: World
    let router: Router
    let authenticator: Authenticator

    init(demo: Bool = false, _ change: (inout ClientConfiguration) -> Void = { _ in }) throws {
        world = try World(demo: demo)
        authenticator = Authenticator(database: world.database)
        var configuration = ClientConfiguration()
        configuration.feedSeconds = 0.02
        change(&configuration)
        var router = Router()
        try ClientDoor(database: world.database, authenticator: authenticator, configuration: configuration).routes(into: &router)
        self.router = router
    }

    static let password = "correct horse 7"

    /// A person with a session; what goes into the cookie.
    func person(_ login: String, groups: [String]) async throws -> String {
        _ = try world.makeUser(login, groups: groups)
        return try await session(login, setting: Desk.password)
    }

    /// A session of somebody who is there.
    func session(_ login: String, setting password: String? = nil) async throws -> String {
        if let password {
            let hash = try Passwords.hash(password)
            let id = try world.user(login).id
            try world.act { env in try env.record(User.self, id).write(["password_hash": .text(hash)]) }
        }
        let verified = try await authenticator.verify(login: login, secret: password ?? "demo-demo", address: "127.0.0.1")
        guard let verified else { throw Failure(what: "\(login) could not sign in") }
        return try await authenticator.begin(verified, ending: nil, address: "127.0.0.1")
    }

    /// One more session of a person who has one.
    func again(_ login: String) async throws -> String {
        guard let verified = try await authenticator.verify(login: login, secret: Desk.password, address: "127.0.0.1") else {
            throw Failure(what: "\(login) could not sign in")
        }
        return try await authenticator.begin(verified, ending: nil, address: "127.0.0.1")
    }

    struct Failure: Error { let what: String }

    func ask(
        _ method: HTTPMethod, _ path: String, _ session: String? = nil, headers: HTTPHeaders = [:], body: JSON? = nil
    ) async throws
        -> HTTPResponse
    {
        var headers = headers
        if let session { headers["Cookie"] = "session_id=" + session }
        guard let request = HTTPRequest(method, path, headers: headers, body: body.map { $0.serialized() } ?? []) else {
            throw Failure(what: "no request: \(path)")
        }
        return await router.respond(to: request)
    }

    /// A call of the client: status and answer.
    func call(_ name: String, _ session: String?, _ body: JSON = [:]) async throws -> (status: Int, json: JSON) {
        let answer = try await ask(.post, "/app/api/" + name, session, body: body)
        return (answer.status, (try? JSON.parse(answer.bytes)) ?? .null)
    }
}
