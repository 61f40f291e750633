import Base
import HTMLPages
import HTTPServer
import Kernel
import Pages
import Store

/// Documents by upload and by watched folder, their pages, and the form beside them in which a person enters the referral.
///
/// It translates and decides nothing: what is kept and what is refused is decided by `DocumentDesk`, who may see it by the kernel.
public struct DocumentDoor: Sendable {
    let gate: CallerGate
    let reader: DocumentReader
    let configuration: DocumentDoorConfiguration
    let stylesheet = Stylesheet(under: "/documents")
    let seal: FormSeal

    /// A door to a database.
    ///
    /// - Parameter pages: Looks at documents in processes of their own; share it with the other doors, because it counts them.
    /// - Throws: `crypto.bad_key` when the key for forms has a wrong length.
    public init(
        database: Database, authenticator: Authenticator, pages: PageService,
        configuration: DocumentDoorConfiguration = DocumentDoorConfiguration()
    ) throws {
        gate = CallerGate(database, authenticator)
        reader = DocumentReader(database: database, pages: pages, configuration: configuration)
        self.configuration = configuration
        seal = try configuration.formKey.map { try FormSeal(key: $0) } ?? FormSeal()
    }

    /// Adds the routes: `/documents…`, `/login` and `/logout`.
    public func routes(into router: inout Router) {
        stylesheet.route(into: &router)
        UploadRoute(door: self).add(to: &router)
        ContentRoutes(door: self).add(to: &router)
        WordRoutes(door: self).add(to: &router)
        AttachmentRoutes(door: self).add(to: &router)
        EntryRoutes(door: self).add(to: &router)
        SheetRoutes(door: self).add(to: &router)
        SignInRoutes(door: self).add(to: &router)
    }

    /// Begins to look at documents that wait, and at the watched folder; the answer stops it.
    ///
    /// - Throws: `folder.unusable` when the folder cannot be made or written.
    public func open() throws -> DocumentWatch {
        try DocumentWatch(
            reader: reader,
            folder: try configuration.watchFolder.map { try WatchedFolder($0, reader: reader, configuration: configuration) },
            every: configuration.pollSeconds)
    }

    func page(_ title: String, _ content: @escaping @Sendable (inout HTML) -> Void) -> Page {
        Page(title, place: configuration.place, home: "/login", stylesheet: stylesheet.path, content: content)
    }

    /// A page for a person in place of a problem.
    func page(for error: any Error) -> HTTPResponse {
        let refusal = Refusal.of(error)
        let isOurs = refusal.kind == .internalFault
        var response = page("Something is not right") { html in
            html.add("h1", text: isOurs ? "Something went wrong on the server" : refusal.message)
            html.add("p", text: isOurs ? "Try again in a minute." : refusal.instruction)
            html.add("p", .style("hint"), text: "Code: \(refusal.code)")
        }.response(refusal.httpStatus)
        if let seconds = refusal.details["retry_after"]?.intValue { response.headers["Retry-After"] = String(seconds) }
        return response
    }
}
