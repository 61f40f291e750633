import HTMLPages
import HTTPServer
import Kernel
import MIME

/// A small page to sign in, and out, for pages that work without a script.
struct SignInRoutes: Sendable {
    let door: DocumentDoor

    /// The largest form, in bytes.
    private static let formBytes = 64 << 10

    func add(to router: inout Router) {
        router.on(.get, "/login") { [self] request in form(next: request.query["next"] ?? "/login", login: "", error: nil) }
        router.on(.post, "/login", bodyLimit: SignInRoutes.formBytes) { [self] request in
            do { return try await signIn(request) } catch { return door.page(for: error) }
        }
        router.on(.post, "/logout", bodyLimit: SignInRoutes.formBytes) { [self] request in
            do { return try await signOut(request) } catch { return door.page(for: error) }
        }
    }

    /// Where to go for somebody who is not signed in.
    static func redirect(from request: HTTPRequest) -> HTTPResponse {
        HTTPResponse(status: 303, headers: ["Location": "/login?next=" + PercentEncoding.encoded(request.rawPath)])
    }

    private func form(next: String, login: String, error: String?, status: Int = 200) -> HTTPResponse {
        let mark = door.seal.mark("login", visitor: "", at: door.gate.database.clock.now)
        return door.page("Sign in") { html in
            var errors = FormErrors()
            if let error { errors.add("login", error) }
            errors.writeSummary(&html)
            html.add("h1", text: "Sign in")
            html.add("form", .set("method", "post"), .action("/login")) { html in
                html.void("input", .type("hidden"), .name("form_mark"), .value(mark))
                html.void("input", .type("hidden"), .name("next"), .value(LocalPath.checked(next)))
                FormField("login", "Login", kind: .line(type: "text", wide: false), autocomplete: "username")
                    .write(&html, value: login, error: error)
                FormField("password", "Password", kind: .line(type: "password", wide: false), autocomplete: "current-password")
                    .write(&html, value: "", error: nil)
                html.add("button", .type("submit"), .style("main-button"), text: "Sign in")
            }
        }.response(status)
    }

    private func signIn(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard CallerGate.isFromOwnPage(request) else { throw Refusal.staleForm() }
        let body = try FormBody(request)
        let next = LocalPath.checked(body["next"])
        guard door.seal.isGood(body["form_mark"], "login", visitor: "", at: door.gate.database.clock.now) else {
            return form(next: next, login: body["login"], error: "The page was open for too long. Enter your password again.", status: 422)
        }
        let authenticator = door.gate.authenticator
        let address = request.remoteAddress
        guard let verified = try await authenticator.verify(login: body["login"], secret: body.raw("password"), address: address) else {
            return form(next: next, login: body["login"], error: "The login or the password is not right. Try again.", status: 422)
        }
        let id = try await authenticator.begin(verified, ending: request.cookie(CallerGate.cookie), address: address)
        let target = next == "/login" ? "/" : next
        return HTTPResponse(status: 303, headers: ["Location": target, "Set-Cookie": cookie(id, request, seconds: 7 * 86_400)])
    }

    private func signOut(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard CallerGate.isFromOwnPage(request) else { throw Refusal.staleForm() }
        if let id = request.cookie(CallerGate.cookie) { try await door.gate.authenticator.end(session: id, address: request.remoteAddress) }
        return HTTPResponse(status: 303, headers: ["Location": "/login", "Set-Cookie": cookie("", request, seconds: 0)])
    }

    private func cookie(_ id: String, _ request: HTTPRequest, seconds: Int) -> String {
        let secure = request.isTLS || door.configuration.secureCookies ? "; Secure" : ""
        return "\(CallerGate.cookie)=\(id); Path=/; HttpOnly; SameSite=Lax; Max-Age=\(seconds)\(secure)"
    }
}
