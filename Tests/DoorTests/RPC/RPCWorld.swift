import Base
import CRM
import Foundation
import HTTPServer
import JSON
import Kernel
import Messaging
import RPCDoor
import TestKit

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A database with users, served over HTTP by the door, for one test.
final class RPCWorld: Sendable {
    static let password = "correct horse battery"

    let world: World
    let server: HTTPServer
    let incidents = Locked<[RPCIncident]>([])
    /// A client without a memory for cookies: tests say themselves which they send.
    private let client: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        return URLSession(configuration: configuration)
    }()

    /// Runs a test against a served database, and stops the server after it.
    static func serve(apps: [App] = [], _ body: (RPCWorld) async throws -> Void) async throws {
        let served = try RPCWorld(apps)
        try served.server.start()
        do { try await body(served) } catch {
            await served.server.stop(graceSeconds: 1)
            throw error
        }
        await served.server.stop(graceSeconds: 1)
    }

    private init(_ more: [App]) throws {
        world = try World(apps: [BaseApp.app, MessagingApp.app, CRMApp.app] + more)
        let password = RPCWorld.password
        try world.act { try $0.record(User.self, 2).write(["password": .text(password)]) }
        var configuration = RPCConfiguration()
        let incidents = incidents
        configuration.report = { incident in incidents.withLock { $0.append(incident) } }
        var router = Router()
        RPCDoor(
            database: world.database, authenticator: Authenticator(database: world.database), configuration: configuration
        ).routes(into: &router)
        server = HTTPServer(configuration: HTTPServerConfiguration(), handler: router, workers: world.database.workers)
    }

    /// Makes a user who can sign in.
    func makeUser(_ login: String, groups: [String]) throws -> Int {
        let id = try world.makeUser(login, groups: groups)
        let password = RPCWorld.password
        try world.act { try $0.record(User.self, id).write(["password": .text(password)]) }
        return id
    }

    /// Sends a request and gives status, body and headers.
    func send(
        _ method: String, _ path: String, _ body: String = "", type: String = "application/json", headers: [String: String] = [:]
    ) async throws -> (status: Int, body: String, headers: [String: String]) {
        guard let url = URL(string: "http://127.0.0.1:\(server.port)\(path)") else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpShouldHandleCookies = false
        if method == "POST" {
            request.httpBody = Data(body.utf8)
            request.setValue(type, forHTTPHeaderField: "Content-Type")
        }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await client.data(for: request)
        guard let http = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        var fields: [String: String] = [:]
        for (name, value) in http.allHeaderFields { fields["\(name)".lowercased()] = "\(value)" }
        return (http.statusCode, String(decoding: data, as: UTF8.self), fields)
    }

    /// Calls a service of `/jsonrpc`.
    func call(_ service: String, _ method: String, _ arguments: JSON) async throws -> JSON {
        let call: JSON = [
            "jsonrpc": "2.0", "method": "call", "id": 7,
            "params": ["service": .string(service), "method": .string(method), "args": arguments],
        ]
        return try JSON.parse(try await send("POST", "/jsonrpc", call.text()).body)
    }

    /// Calls a model's method as the administrator, or as somebody else.
    func execute(
        _ model: String, _ method: String, _ arguments: JSON = [], _ named: JSON = [:], user: Int = 2, password: String = RPCWorld.password
    ) async throws -> JSON {
        try await call("object", "execute_kw", ["baton", JSON(user), .string(password), .string(model), .string(method), arguments, named])
    }

    /// The result of a model's method; an error's text where there is one, so that a test shows it.
    func result(_ model: String, _ method: String, _ arguments: JSON = [], _ named: JSON = [:], user: Int = 2) async throws -> JSON {
        let answer = try await execute(model, method, arguments, named, user: user)
        return answer["result"] ?? answer
    }

    /// The name and message of a refused call.
    func error(_ model: String, _ method: String, _ arguments: JSON = [], _ named: JSON = [:], user: Int = 2) async throws -> [String] {
        let data = try await execute(model, method, arguments, named, user: user)["error"]?["data"]
        return [data?["name"]?.stringValue ?? "no error", data?["message"]?.stringValue ?? ""]
    }
}
