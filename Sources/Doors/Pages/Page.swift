import Crypto
import HTTPServer

/// A whole page, with the frame that all pages share.
public struct Page: Sendable {
    /// The title; never a person's name, because browsers keep it.
    public var title: String
    /// What stands at the top: the name of the place.
    public var place: String
    /// Where the name of the place leads.
    public var home: String
    /// The address of the style sheet.
    public var stylesheet: String
    /// A wide page uses the whole window.
    public var isWide = false
    /// Who is signed in; empty for nobody.
    public var person = ""
    private let content: @Sendable (inout HTML) -> Void

    /// A page.
    public init(_ title: String, place: String, home: String, stylesheet: String, content: @escaping @Sendable (inout HTML) -> Void) {
        self.title = title
        self.place = place
        self.home = home
        self.stylesheet = stylesheet
        self.content = content
    }

    /// What a page may do: show itself, its style sheet and pictures of this server, and send forms back here.
    static let policy =
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    /// The page as an answer.
    public func response(_ status: Int = 200) -> HTTPResponse {
        var html = HTML()
        html.begin()
        html.add("html", .set("lang", "en")) { html in
            html.add("head") { head(&$0) }
            html.add("body") { body(&$0) }
        }
        var response = HTTPResponse(status: status, body: html.bytes)
        response.headers["Content-Type"] = "text/html; charset=utf-8"
        response.headers["Content-Security-Policy"] = Page.policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    private func head(_ html: inout HTML) {
        html.void("meta", .set("charset", "utf-8"))
        html.void("meta", .name("viewport"), .set("content", "width=device-width, initial-scale=1"))
        html.void("meta", .name("color-scheme"), .set("content", "light dark"))
        html.void("meta", .name("robots"), .set("content", "noindex"))
        html.add("title", text: "\(title) – \(place)")
        html.void("link", .set("rel", "stylesheet"), .href(stylesheet))
    }

    private func body(_ html: inout HTML) {
        html.add("a", .style("skip"), .href("#main"), text: "Skip to the main content")
        html.add("header", .style(isWide ? "bar wide" : "bar")) { html in
            html.add("a", .style("place"), .href(home), text: place)
            if !person.isEmpty { html.add("span", .style("person"), text: person) }
        }
        html.add("main", .id("main"), .style(isWide ? "wide" : "column"), .set("tabindex", "-1")) { content(&$0) }
    }
}

/// A style sheet, served under a name that holds its content's hash, so that it may be kept for ever.
public struct Stylesheet: Sendable {
    /// The address.
    public let path: String
    private let bytes: [UInt8]

    /// A style sheet below a folder, such as `/portal`.
    public init(under folder: String, _ text: String = Styles.all) {
        bytes = Array(text.utf8)
        path = "\(folder)/style-\(SHA256.hash(bytes).hex.prefix(16)).css"
    }

    /// Adds the route.
    public func route(into router: inout Router) {
        let bytes = bytes
        router.onAtOnce(.get, path) { _ in
            HTTPResponse(
                headers: ["Content-Type": "text/css; charset=utf-8", "Cache-Control": "public, max-age=31536000, immutable"], body: bytes)
        }
    }
}
