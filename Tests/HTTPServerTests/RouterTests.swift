import HTTPServer
import JSON
import Testing

@Suite struct RouterTests {
    private static let router: Router = {
        var router = Router()
        router.on(.get, "/") { _ in .text("root") }
        router.on(.get, "/web/{page}") { .text("page \($0.parameters["page"] ?? "?")") }
        router.on(.get, "/web/login") { _ in .text("login") }
        router.on(.post, "/web/login") { _ in .text("signed in") }
        router.on(.get, "/web/{page}/edit") { .text("edit \($0.parameters["page"] ?? "?")") }
        router.on(.delete, "/json/2/{model}/{method}") { .text("\($0.parameters["model"] ?? "") \($0.parameters["method"] ?? "")") }
        router.onAtOnce(.get, "/static/{path*}") { .text("file \($0.parameters["path"] ?? "?")") }
        return router
    }()

    private func answer(_ method: HTTPMethod, _ target: String) async throws -> HTTPResponse {
        let request = try #require(HTTPRequest(method, target))
        return await Self.router.respond(to: request)
    }

    @Test(
        "the most literal pattern wins and names are filled in, decoded",
        arguments: [
            ("/", "root"), ("/web/login", "login"), ("/web/home", "page home"), ("/web/login/edit", "edit login"),
            ("/web/a%2Fb", "page a/b"), ("/web/r%C3%A4ume?x=1", "page räume"), ("/static/a/b.css", "file a/b.css"), ("/static", "file "),
        ])
    func finds(_ target: String, _ text: String) async throws {
        let found = try await answer(.get, target)
        #expect(String(decoding: found.bytes, as: UTF8.self) == text)
    }

    @Test("an unknown path is a problem with 404", arguments: ["/nothing", "/web", "/web/", "/web/a/b", "//", "/json/2/a"])
    func notFound(_ target: String) async throws {
        let problem = try await answer(.get, target)
        #expect(problem.status == 404)
        #expect(problem.headers["content-type"] == "application/problem+json")
        let document = try JSON.parse(problem.bytes)
        #expect(document["code"]?.stringValue == "http.not_found")
        #expect(document["status"]?.intValue == 404)
        #expect(document["title"]?.stringValue == "Not Found")
        #expect(document["type"]?.stringValue == "about:blank")
        #expect(document["detail"]?.stringValue?.isEmpty == false)
        #expect(document["instruction"]?.stringValue?.isEmpty == false)
    }

    @Test("an unknown method of a known path is a problem with 405 that lists those allowed")
    func methodNotAllowed() async throws {
        let problem = try await answer(.delete, "/web/login")
        #expect(problem.status == 405)
        #expect(problem.headers["Allow"] == "GET, HEAD, POST, OPTIONS")
    }

    @Test("HEAD uses the route of GET, OPTIONS lists the methods of a path or of the server")
    func headAndOptions() async throws {
        #expect(try await answer(.head, "/web/login").status == 200)
        #expect(try await answer(.options, "/json/2/a/b").headers["Allow"] == "DELETE, OPTIONS")
        #expect(try await answer(.options, "*").headers["Allow"] == "GET, POST, DELETE, OPTIONS")
    }

    @Test("a quick route is answered at once, another is not")
    func atOnce() throws {
        let quick = try #require(HTTPRequest(.get, "/static/a"))
        let slow = try #require(HTTPRequest(.get, "/web/login"))
        #expect(Self.router.respondAtOnce(to: quick)?.status == 200)
        #expect(Self.router.respondAtOnce(to: slow) == nil)
    }
}
