import Base
import Foundation
import FoundationNetworking
import HTTPServer
import Kernel
import Pages
import Referrals
import Store
import TestKit

@testable import PortalDoor

/// A served database with the portal.
final class Place: Sendable {
    let world: World
    let server: HTTPServer
    let door: PortalDoor

    init(_ change: (inout PortalConfiguration) -> Void = { _ in }) async throws {
        world = try World(today: Day(2026, 11, 20))
        var configuration = PortalConfiguration()
        change(&configuration)
        door = try PortalDoor(database: world.database, pages: PageService(executable: Place.worker), configuration: configuration)
        try await door.open()
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

    // MARK: - Asking

    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
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

/// One browser: it keeps its cookie, and sends forms as the page wants them.
final class Visitor {
    let place: Place
    var cookie = ""
    var page = ""

    init(_ place: Place) { self.place = place }

    static let answers = [
        "referrer_name": "Lena Bauer", "referrer_npi": "1234567893", "practice_name": "Mill Lane Practice", "practice_phone": "+1 555 0199",
        "family_name": "Zanzibarova", "given_name": "Quintessa", "birth_date": "14 Feb 1970", "sex": "female",
        "patient_phone": "+1 555 0100", "street": "4 Elm Road", "city": "Northtown", "zip": "90210", "payer": "Acme Health",
        "member_number": "M-77", "specialty": "ONCO", "urgency": "urgent", "reason": "Suspected melanomacanary", "diagnosis_codes": "C43.9",
    ]

    /// Opens a page and follows it to where it leads.
    @discardableResult
    func open(_ path: String) async throws -> Place.Answer { try await follow(try await place.ask("GET", path, head)) }

    /// Fills in the form and sends it.
    @discardableResult
    func fill(
        _ values: [String: String] = Visitor.answers, files: [(String, [UInt8])] = [], mark: String? = nil
    ) async throws -> Place.Answer {
        var body: [UInt8] = []
        for (name, value) in values.merging(["form_mark": mark ?? hidden("form_mark", in: page)], uniquingKeysWith: { $1 }) {
            body += Array("--xyz\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        for (name, bytes) in files.isEmpty ? [("", [])] : files {
            body += Array("--xyz\r\nContent-Disposition: form-data; name=\"documents\"; filename=\"\(name)\"\r\n".utf8)
            body += Array("Content-Type: application/octet-stream\r\n\r\n".utf8) + bytes + Array("\r\n".utf8)
        }
        body += Array("--xyz--\r\n".utf8)
        let headers = head.merging(["Content-Type": "multipart/form-data; boundary=xyz"]) { $1 }
        return try await follow(try await place.ask("POST", "/portal/referral", headers, body: body))
    }

    /// Confirms the answers.
    @discardableResult
    func confirm(mark: String? = nil) async throws -> Place.Answer {
        try await follow(try await place.form("/portal/referral/check", ["form_mark": mark ?? hidden("form_mark", in: page)], head))
    }

    var head: [String: String] { cookie.isEmpty ? [:] : ["Cookie": cookie] }

    private func follow(_ answer: Place.Answer) async throws -> Place.Answer {
        if !answer.cookie.isEmpty { cookie = answer.cookie }
        if answer.status == 303 { return try await open(answer.headers["location"] ?? "/") }
        page = answer.text
        return answer
    }
}

/// The value of a hidden field of a page.
func hidden(_ name: String, in page: String) -> String {
    guard let start = page.range(of: "name=\"\(name)\" value=\"") else { return "" }
    return String(page[start.upperBound...].prefix { $0 != "\"" })
}
