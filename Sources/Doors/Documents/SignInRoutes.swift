import Base
import HTMLPages
import HTTPServer
import Kernel
import MIME
import Referrals

/// A small page to sign in, and out, for pages that work without a script.
struct SignInRoutes: Sendable {
    let door: DocumentDoor

    /// The largest form, in bytes.
    private static let formBytes = 64 << 10
    /// The most documents that the page after signing in lists.
    private static let deskLimit = 50

    func add(to router: inout Router) {
        router.on(.get, "/login") { [self] request in
            if request.query["next"] == nil, let desk = try? await desk(request) { return desk }
            return form(next: request.query["next"] ?? "/login", login: "", error: nil)
        }
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

    /// What a person who is signed in can do here: the documents that wait to be entered. Nothing for anybody else.
    private func desk(_ request: HTTPRequest) async throws -> HTTPResponse? {
        guard let caller = try await door.gate.browser(of: request) else { return nil }
        let (person, waiting) = try await door.gate.read(caller) { env in
            let mayRead = (try? env.checkRight(.read, on: env.registry.schema(Document.self))) != nil
            let open = Domain.where("state", .equal, "checked") & .where("referral_id", .equal, .null)
            let found = mayRead ? try env.search(Document.self, open, order: "id desc", limit: SignInRoutes.deskLimit) : nil
            return (env.user.name, found?.map { FormField.Choice(String($0.id), $0.displayedName) } ?? [])
        }
        var page = door.page("Documents to enter") { html in
            html.add("h1", text: "Documents to enter")
            if waiting.isEmpty { html.add("p", text: "No document waits for you.") }
            html.add("ul") { html in
                for choice in waiting {
                    html.add("li") { $0.add("a", .href("/documents/\(choice.value)/enter"), text: choice.title) }
                }
            }
            html.add("form", .set("method", "post"), .action("/logout")) { html in
                html.add("button", .type("submit"), .style("main-button"), text: "Sign out")
            }
        }
        page.person = person
        return page.response()
    }

    private func form(next: String, login: String, error: String?, status: Int = 200, asksCode: Bool = false) -> HTTPResponse {
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
                if asksCode {
                    FormField("totp", "Code from your phone", kind: .line(type: "text", wide: false), autocomplete: "one-time-code")
                        .write(&html, value: "", error: nil)
                }
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
        let (login, code) = (body["login"], body["totp"])
        let found: SignedIn?
        do {
            found = try await authenticator.signIn(login: login, secret: body.raw("password"), code: code, address: address)
        } catch let refusal as Refusal where refusal.code.hasPrefix("login.totp_") {
            return form(next: next, login: login, error: SignInRoutes.sentence(refusal), status: 422, asksCode: true)
        }
        guard let signedIn = found else {
            let sentence = "The login or the password is not right. Try again."
            return form(next: next, login: login, error: sentence, status: 422, asksCode: !code.isEmpty)
        }
        let verified = signedIn.verified
        let id = try await authenticator.begin(verified, ending: request.cookie(CallerGate.cookie), address: address)
        let target = next == "/login" ? "/" : next
        return HTTPResponse(status: 303, headers: ["Location": target, "Set-Cookie": cookie(id, request, seconds: 7 * 86_400)])
    }

    /// What to do, in the words of this form.
    private static func sentence(_ refusal: Refusal) -> String {
        switch refusal.code {
        case "login.totp_required": "Enter your password again, and the code from your phone."
        case "login.totp_enrolment": "Your role asks for a second factor. Sign in at /app to set it up."
        default: "The code is not right, or was used before. Enter your password again, and the next code."
        }
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
