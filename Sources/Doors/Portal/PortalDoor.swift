import Base
import HTMLPages
import HTTPServer
import Kernel
import Pages
import Referrals
import Store

/// The portal for referring practices: a form, a page to check the answers, a reference number, and a status page without health data.
///
/// Pages are written by the server and need no script. Until the answers are confirmed nothing is stored that could be read: they stay in
/// memory, or, where several nodes share a database, there under a key that only the visitor's browser has.
public struct PortalDoor: Sendable {
    let database: Database
    let pages: PageService
    let configuration: PortalConfiguration
    let stylesheet = Stylesheet(under: "/portal")
    let seal: FormSeal
    let drafts: DraftStore
    let forms: SharedRate
    let looks: SharedRate

    /// The cookie that tells drafts apart.
    static let cookie = "portal_draft"
    /// The most choices of a list.
    private static let choiceLimit = 500

    /// A portal to a database.
    ///
    /// - Parameter pages: Looks at documents in processes of their own; share it with the other doors, because it counts them.
    /// - Throws: `crypto.bad_key` when the key for forms has a wrong length.
    public init(database: Database, pages: PageService, configuration: PortalConfiguration = PortalConfiguration()) throws {
        self.database = database
        self.pages = pages
        self.configuration = configuration
        seal = try configuration.formKey.map { try FormSeal(key: $0) } ?? FormSeal()
        drafts = DraftStore(database, configuration)
        forms = SharedRate(database, room: "portal.form", burst: configuration.formBurst, secondsEach: configuration.formSecondsEach)
        looks = SharedRate(
            database, room: "portal.status", burst: configuration.statusBurst, secondsEach: configuration.statusSecondsEach)
    }

    /// Adds the routes below `/portal`.
    public func routes(into router: inout Router) {
        stylesheet.route(into: &router)
        StartRoute(door: self).add(to: &router)
        ReferralRoutes(door: self).add(to: &router)
        CheckRoutes(door: self).add(to: &router)
        StatusRoutes(door: self).add(to: &router)
    }

    /// Makes the portal's user where there is none, and carries out what a crash left stored but not carried out.
    public func open() async throws {
        let login = configuration.login
        try await database.write(as: .system, superuser: true) { env in
            let everybody = try env.with(context: ["active_test": false])
            guard try everybody.search(User.self, .where("login", .equal, .text(login)), limit: 1).isEmpty else { return }
            let group = try Reference.require("referrals.group_integration", env)
            let sites = try env.search(Company.self, order: "id", limit: PortalDoor.choiceLimit).ids
            try env.create(
                User.self,
                [
                    "login": .text(login), "name": "Referring practices (portal)", "group_ids": .list([[4, .int(group)]]),
                    "company_id": .int(sites.first ?? env.companyId), "company_ids": .list([[6, 0, .ids(sites)]]),
                ])
        }
        try await Submission(door: self).recover()
    }

    /// Carries out what a node that is gone stored so many seconds ago and did not carry out.
    public func recover(olderThan seconds: Int) async throws { try await Submission(door: self).recover(olderThan: seconds) }

    /// The id of the user that the portal acts as.
    func user() async throws -> Int {
        let login = configuration.login
        let found = try await database.read(as: .system, superuser: true) { env in
            try env.search(User.self, .where("login", .equal, .text(login)), limit: 1).first?.id
        }
        guard let found else { throw Refusal.portalClosed() }
        return found
    }

    /// What may be chosen now.
    func choices() async throws -> PortalForm.Choices {
        let allowed = configuration.sites
        return try await database.read(as: try await user()) { env in
            let specialties = try env.search(Specialty.self, order: "name", limit: PortalDoor.choiceLimit)
            let sites = try env.search(Company.self, limit: PortalDoor.choiceLimit).filter { allowed.isEmpty || allowed.contains($0.id) }
            return PortalForm.Choices(
                specialties: specialties.map { FormField.Choice($0.code, $0.displayedName) },
                sites: sites.map { FormField.Choice(String($0.id), $0.displayedName) }, today: env.today)
        }
    }

    func page(_ title: String, _ content: @escaping @Sendable (inout HTML) -> Void) -> Page {
        Page(title, place: configuration.place, home: "/portal", stylesheet: stylesheet.path, content: content)
    }

    /// Answers a request, or says on a page what is wrong.
    func answered(_ limit: SharedRate?, _ request: HTTPRequest, _ body: () async throws -> HTTPResponse) async -> HTTPResponse {
        do {
            if let seconds = try await limit?.take(request.remoteAddress) { throw Refusal.tooOften(seconds) }
            return try await body()
        } catch {
            return problem(Refusal.of(error))
        }
    }

    private func problem(_ refusal: Refusal) -> HTTPResponse {
        let isOurs = refusal.kind == .internalFault
        var response = page("Something is not right") { html in
            html.add("h1", text: isOurs ? "Something went wrong on our side" : refusal.message)
            html.add("p", text: isOurs ? "Try again in a minute. If it happens again, please call us." : refusal.instruction)
            html.add("p", .style("hint"), text: "Code: \(isOurs ? "portal.internal" : refusal.code)")
            html.add("p") { $0.add("a", .href("/portal"), text: "Back to the start") }
        }.response(refusal.code == "portal.too_often" ? 429 : refusal.httpStatus)
        if let seconds = refusal.details["retry_after"]?.intValue { response.headers["Retry-After"] = String(seconds) }
        return response
    }

    /// The id of the visitor's draft, or a new one.
    func draftId(_ request: HTTPRequest) -> String {
        if let id = request.cookie(PortalDoor.cookie), DraftStore.isId(id) { return id }
        return DraftStore.newId()
    }

    func remembering(_ id: String, _ request: HTTPRequest, _ response: HTTPResponse) -> HTTPResponse {
        if request.cookie(PortalDoor.cookie) == id { return response }
        var response = response
        let secure = request.isTLS || configuration.secureCookies ? "; Secure" : ""
        response.headers["Set-Cookie"] =
            "\(PortalDoor.cookie)=\(id); Path=/portal; HttpOnly; SameSite=Lax; Max-Age=\(configuration.draftSeconds)\(secure)"
        return response
    }
}

/// `GET /portal`: what this is, and where to begin.
struct StartRoute: Sendable {
    let door: PortalDoor

    func add(to router: inout Router) {
        router.on(.get, "/portal") { [self] _ in
            door.page("Refer a patient") { html in
                html.add("h1", text: "Refer a patient")
                html.add("p", .style("lead"), text: "For practices that refer a patient to one of our specialists. You need no account.")
                html.add("h2", text: "What you need")
                html.add("ul") { html in
                    html.add("li", text: "Your name and NPI, and how we reach your practice")
                    html.add("li", text: "The patient’s name, birth date and phone number")
                    html.add("li", text: "The reason for the referral")
                    html.add("li", text: "The payer and member number, if you know them")
                    html.add("li", text: "Documents as PDF, TIFF, PNG or JPEG, if there are any")
                }
                html.add("p", text: "It takes about five minutes. Nothing is sent before you have seen all answers once more.")
                html.add(
                    "p", text: "If we cannot take a document or a birth date, we keep what you entered, so that somebody can help you.")
                html.add("p") { $0.add("a", .style("main-button"), .href("/portal/referral"), text: "Start now") }
                html.add("h2", text: "Sent one already?")
                html.add("p") { $0.add("a", .href("/portal/status"), text: "See how far a referral has come") }
            }.response()
        }
    }
}
