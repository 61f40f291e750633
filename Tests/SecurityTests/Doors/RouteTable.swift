/// What is declared of every route of the program: who may ask, and what a stranger learns.
///
/// A new route needs a line here, and a probe where it shows records; without a line the matrix is red.
enum RouteTable {
    enum Rule: Equatable {
        /// Says nothing of any record, whoever asks.
        case silent
        /// Shows names of these models to everybody, on purpose.
        case catalogue([String])
        /// Shows what the asker may read, and nothing to nobody.
        case signedIn
    }

    /// Names that the portal's public form offers: specialties, and the sites that take referrals.
    static let portalChoices = ["care.specialty", "res.company"]

    static let rules: [String: Rule] = [
        "GET /": .silent, "GET /health": .silent, "GET /ready": .silent,
        "POST /jsonrpc": .signedIn, "GET /jsonrpc": .silent,
        "POST /xmlrpc/2/{service}": .signedIn, "POST /xmlrpc/{service}": .signedIn,
        "POST /web/session/authenticate": .signedIn, "POST /web/session/get_session_info": .signedIn,
        "POST /web/session/check": .silent, "POST /web/session/destroy": .silent, "POST /web/session/modules": .signedIn,
        "POST /web/webclient/version_info": .silent, "GET /web/webclient/version_info": .silent,
        "GET /web/version": .silent, "POST /web/version": .silent,
        "POST /web/dataset/call_kw": .signedIn, "POST /web/dataset/call_kw/{path*}": .signedIn,
        "POST /web/dataset/call_button": .signedIn, "POST /web/dataset/call_button/{path*}": .signedIn,
        "POST /json/2/{model}/{method}": .signedIn, "GET /json/2/{model}/{method}": .silent, "GET /json/2/{path*}": .silent,
        "POST /documents": .signedIn, "GET /documents/{id}/content": .signedIn, "GET /documents/{id}/pages/{page}": .signedIn,
        "GET /documents/{id}/enter": .signedIn, "POST /documents/{id}/enter": .signedIn,
        "GET /documents/{id}/sheet": .signedIn, "POST /documents/{id}/sheet": .signedIn,
        "GET /documents/{id}/words/{page}": .signedIn, "GET /attachments/{id}/content": .signedIn, "GET /attachments/{id}/sheet": .signedIn,
        "GET /attachments/{id}/pages/{page}": .signedIn, "GET /attachments/{id}/words/{page}": .signedIn,
        "GET /web/hook/{uuid}": .silent, "POST /web/hook/{uuid}": .silent,
        "GET /login": .signedIn, "POST /login": .silent, "POST /logout": .silent,
        "GET /portal": .silent, "GET /portal/referral": .catalogue(portalChoices), "POST /portal/referral": .catalogue(portalChoices),
        "GET /portal/referral/check": .catalogue(portalChoices), "POST /portal/referral/check": .catalogue(portalChoices),
        "GET /portal/referral/sent": .silent, "GET /documents/style-*.css": .silent, "GET /portal/style-*.css": .silent,
        "GET /portal/status": .silent, "GET /portal/status/{token}": .silent,
        "GET /app": .silent, "GET /app/{path*}": .silent, "GET /app/assets/{build}/{path*}": .silent, "GET /app/api/{path*}": .silent,
        "POST /app/api/start": .signedIn, "POST /app/api/view": .signedIn, "POST /app/api/choices": .signedIn,
        "POST /app/api/search": .signedIn, "POST /app/api/record": .signedIn, "POST /app/api/defaults": .signedIn,
        "POST /app/api/save": .signedIn, "POST /app/api/bulk": .signedIn, "POST /app/api/delete": .signedIn,
        "POST /app/api/action": .signedIn, "POST /app/api/actions": .signedIn, "POST /app/api/method": .signedIn,
        "POST /app/api/import": .signedIn,
        "POST /app/api/dashboard": .signedIn, "POST /app/api/audit": .signedIn,
        "POST /app/api/totp": .signedIn, "POST /app/api/view_as": .signedIn, "POST /app/api/handed_over": .signedIn,
        "POST /app/api/invite": .signedIn, "POST /app/api/prove": .signedIn,
        "POST /app/api/join": .silent, "POST /app/api/presence": .signedIn,
        "GET /app/worker.js": .silent,
        "GET /app/api/events": .signedIn,
        "GET /fhir/{path*}": .signedIn, "POST /fhir/{path*}": .signedIn, "PUT /fhir/{path*}": .signedIn,
        "DELETE /fhir/{path*}": .silent, "OPTIONS /fhir/{path*}": .silent, "PATCH /fhir/{path*}": .silent,
    ]

    /// The route's name in the table: what a style sheet's name ends in changes with its content.
    static func name(_ pattern: String) -> String {
        guard let start = pattern.range(of: "/style-"), pattern.hasSuffix(".css") else { return pattern }
        return pattern[..<start.upperBound] + "*.css"
    }
}
