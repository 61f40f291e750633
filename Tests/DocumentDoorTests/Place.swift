import Base
import Foundation
import FoundationNetworking
import HTTPServer
import JSON
import Kernel
import Pages
import Referrals
import Store
import TestKit

@testable import DocumentDoor

/// A served database with the door for documents, and somebody who uploads.
final class Place: Sendable {
    let world: World
    let server: HTTPServer
    let door: DocumentDoor
    static let password = "correct horse 7"

    init(_ change: (inout DocumentDoorConfiguration) -> Void = { _ in }, pageLimits: PageLimits = .standard) throws {
        world = try World(today: Day(2026, 11, 20))
        let clerk = try world.makeUser("clerk", groups: ["referrals.group_user"])
        try world.makeUser("stranger", groups: ["base.group_user"])
        try world.act { env in try env.record(User.self, clerk).write(["password": .text(Place.password)]) }
        var configuration = DocumentDoorConfiguration()
        change(&configuration)
        let authenticator = Authenticator(database: world.database)
        door = try DocumentDoor(
            database: world.database, authenticator: authenticator, pages: PageService(executable: Place.worker, limits: pageLimits),
            configuration: configuration)
        var router = Router()
        door.routes(into: &router)
        server = HTTPServer(configuration: HTTPServerConfiguration(), handler: router)
        try server.start()
    }

    func stop() async { await server.stop(graceSeconds: 0) }

    /// The page worker lies beside the test's own program.
    static let worker: String = {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let places = [own, root.appendingPathComponent(".build/debug")].map { $0.appendingPathComponent("PageWorkerProbe").path }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "PageWorkerProbe is missing"
    }()

    /// `Authorization` of the clerk.
    static let clerk = basic("clerk")

    /// `Authorization` of somebody with the same password.
    static func basic(_ login: String) -> String { "Basic " + Data("\(login):\(password)".utf8).base64EncodedString() }

    /// A session's cookie of somebody with the same password.
    func session(_ login: String) async throws -> String {
        let mark = hidden("form_mark", in: try await ask("GET", "/login").text)
        return try await form("/login", ["form_mark": mark, "login": login, "password": Place.password, "next": "/"]).cookie
    }

    // MARK: - Asking

    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSON { (try? JSON.parse(body)) ?? .null }
        var cookie: String { headers["set-cookie"].map { String($0.prefix { $0 != ";" }) } ?? "" }
    }

    func ask(_ method: String, _ path: String, _ headers: [String: String] = [:], body: [UInt8]? = nil) async throws -> Answer {
        var request = URLRequest(url: URL(string: "http://127.0.0.1:\(server.port)\(path)")!)
        request.httpMethod = method
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        request.httpBody = body.map { Data($0) }
        let (data, response) = try await Place.session.data(for: request)
        let http = response as! HTTPURLResponse
        var found: [String: String] = [:]
        for (name, value) in http.allHeaderFields { found["\(name)".lowercased()] = "\(value)" }
        return Answer(status: http.statusCode, headers: found, body: Array(data))
    }

    func upload(
        _ bytes: [UInt8], type: String = "application/pdf", name: String = "letter.pdf", _ more: [String: String] = [:]
    ) async throws -> Answer {
        let headers = [
            "Authorization": Place.clerk, "Content-Type": type, "Content-Disposition": "attachment; filename=\"\(name)\"",
        ].merging(more) { $1 }
        return try await ask("POST", "/documents", headers, body: bytes)
    }

    func form(_ path: String, _ fields: [String: String], _ headers: [String: String] = [:]) async throws -> Answer {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        let body = fields.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")" }.joined(separator: "&")
        let head = ["Content-Type": "application/x-www-form-urlencoded"].merging(headers) { $1 }
        return try await ask("POST", path, head, body: Array(body.utf8))
    }

    private static let session = URLSession(configuration: configuration, delegate: Stay(), delegateQueue: nil)
    private static var configuration: URLSessionConfiguration {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.timeoutIntervalForRequest = 60
        return configuration
    }

    /// Redirections are looked at, not followed.
    private final class Stay: NSObject, URLSessionTaskDelegate {
        func urlSession(
            _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse, newRequest: URLRequest,
            completionHandler: @escaping @Sendable (URLRequest?) -> Void
        ) { completionHandler(nil) }
    }
}

/// The value of a hidden field of a page.
func hidden(_ name: String, in page: String) -> String {
    guard let start = page.range(of: "name=\"\(name)\" value=\"") else { return "" }
    return String(page[start.upperBound...].prefix { $0 != "\"" })
}
