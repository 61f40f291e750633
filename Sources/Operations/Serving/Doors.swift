import ClientDoor
import DocumentDoor
import FHIRDoor
import HTTPServer
import Kernel
import MLLPDoor
import MailDoor
import RPCDoor

/// The doors of this program. A new door over HTTP adds one line to `routes`, any other one to `openOthers`.
package enum Doors {
    /// Every route of the HTTP server.
    package static func routes(_ house: House) throws -> Router {
        var router = Router()
        house.health.add(to: &router)
        let client = try client(house)
        let home = client.hasFiles ? "/app" : "/login"
        router.onAtOnce(.get, "/") { _ in HTTPResponse(status: 303, headers: ["Location": home]) }
        client.routes(into: &router)
        rpc(house).routes(into: &router)
        house.documents.routes(into: &router)
        house.portal.routes(into: &router)
        house.webhooks.routes(into: &router)
        fhir(house).routes(into: &router)
        return router
    }

    /// What the HTTP server asks: the routes, watched and counted.
    package static func handler(_ house: House) throws -> ObservedHandler {
        ObservedHandler(
            inner: WatchedRouter(router: try routes(house), watching: Watching(house)), counts: house.requests, tracer: house.tracer,
            log: house.log)
    }

    /// Opens the listener for Prometheus, where one is wanted.
    package static func metrics(_ house: House, _ server: HTTPServer) throws -> MetricsDoor? {
        guard let access = house.configuration.metrics else { return nil }
        let watching = Watching(house)
        let door = MetricsDoor(access, MetricsPage(house) { server.connections }) { watching.stranger($0, "metrics") }
        try door.start()
        return door
    }

    /// Opens what is more than routes: doors that do not speak HTTP, and those that finish first what a crash left behind.
    ///
    /// - Returns: What must be shut, in the order in which it was opened.
    package static func openOthers(_ house: House) async throws -> [any OpenDoor] {
        var doors: [any OpenDoor] = []
        try await PublicAddress.keep(house)
        try await house.portal.open()
        try await house.webhooks.open()
        if let port = house.configuration.mllpPort { doors.append(try OpenMLLP(house, port: port)) }
        if let door = house.configuration.smtpDoor { doors.append(try OpenSMTP(house, door)) }
        doors.append(try OpenMailboxes(house))
        doors.append(OpenDocuments(watch: try house.documents.open(), folder: house.configuration.watchFolder))
        return doors
    }

    private static func rpc(_ house: House) -> RPCDoor {
        var configuration = RPCConfiguration(databaseName: DataFolder.databaseName)
        configuration.secureCookies = house.configuration.hasSecureAddress
        configuration.baseURL = house.configuration.publicURL ?? ""
        Watching(house).watch(&configuration)
        let log = house.log
        configuration.report = { incident in
            log.error("A call failed unexpectedly.", ["rpc.incident": incident.id, "rpc.call": incident.call, "rpc.error": incident.error])
        }
        return RPCDoor(database: house.database, authenticator: house.authenticator, configuration: configuration)
    }
}

extension Doors {
    private static func client(_ house: House) throws -> ClientDoor {
        var configuration = ClientConfiguration()
        configuration.folder = house.configuration.clientFolder ?? ClientFolder.found
        configuration.auditFolder = house.configuration.folder.path
        configuration.publicURL = house.configuration.publicURL ?? ""
        configuration.rereads = house.configuration.clientFolder != nil
        let log = house.log
        configuration.report = { id, call, error in
            log.error("A call of the client failed unexpectedly.", ["client.incident": id, "client.call": call, "client.error": error])
        }
        return try ClientDoor(database: house.database, authenticator: house.authenticator, configuration: configuration)
    }

    private static func fhir(_ house: House) -> FHIRDoor {
        var configuration = FHIRConfiguration()
        configuration.baseURL = house.configuration.publicURL.map { $0 + configuration.path } ?? ""
        let log = house.log
        configuration.report = { incident in
            log.error(
                "A request failed unexpectedly.", ["fhir.incident": incident.id, "fhir.call": incident.call, "fhir.error": incident.error])
        }
        return FHIRDoor(
            database: house.database, authenticator: house.authenticator, pages: house.pages, configuration: configuration)
    }
}

/// A door that was opened and can be shut.
package protocol OpenDoor: Sendable {
    /// What to print about it: `mllp://127.0.0.1:2575`.
    var sign: String? { get }
    /// Takes nothing new and finishes what came in.
    func stop(graceSeconds: Double) async
}

/// The open door for HL7 v2.
package struct OpenMLLP: OpenDoor {
    package let sign: String?
    package let port: Int
    private let door: MLLPDoor

    package init(_ house: House, port: Int) throws {
        var configuration = MLLPConfiguration(host: house.configuration.host, port: port)
        configuration.trusted = house.configuration.mllpTrusted
        configuration.senders = house.configuration.mllpSenders
        let (log, watching) = (house.log, Watching(house))
        door = MLLPDoor(database: house.database, configuration: configuration) { message, metadata in
            if message == "mllp.untrusted_address", let peer = metadata["mllp.peer"] { watching.untrusted(peer) }
            log.info("The door for HL7 v2 reports.", LogMetadata(dictionaryLiteral: ("mllp.event", message)).adding(metadata))
        }
        try door.start()
        self.port = door.port
        sign = "mllp://\(house.configuration.host):\(door.port)"
    }

    package func stop(graceSeconds: Double) async { await door.stop(graceSeconds: graceSeconds) }
}

/// The open door for mails.
struct OpenSMTP: OpenDoor {
    let sign: String?
    private let door: SMTPDoor

    init(_ house: House, _ given: SMTPConfiguration) throws {
        var configuration = given
        configuration.tls = house.configuration.tls
        let (log, watching) = (house.log, Watching(house))
        door = SMTPDoor(database: house.database, configuration: configuration) { message, metadata in
            if message == "smtp.untrusted_address", let peer = metadata["smtp.peer"] { watching.stranger(peer, "smtp") }
            log.info("The door for mails reports.", LogMetadata(dictionaryLiteral: ("smtp.event", message)).adding(metadata))
        }
        try door.start()
        sign = "smtp://\(configuration.host):\(door.port)"
    }

    func stop(graceSeconds: Double) async { await door.stop() }
}

/// What looks into the mailboxes.
struct OpenMailboxes: OpenDoor {
    let sign: String? = nil
    private let watch: MailboxWatch

    init(_ house: House) throws {
        let log = house.log
        watch = MailboxWatch(database: house.database, every: Double(house.configuration.mailboxSeconds)) { message, metadata in
            log.info("The mailroom reports.", LogMetadata(dictionaryLiteral: ("mail.event", message)).adding(metadata))
        }
        try watch.start()
    }

    func stop(graceSeconds: Double) async { await watch.stop() }
}

/// What looks at documents that wait, and at the watched folder.
package struct OpenDocuments: OpenDoor {
    package let watch: DocumentWatch
    package let folder: String?

    package var sign: String? { folder.map { "the folder \($0)" } }

    package func stop(graceSeconds: Double) async { await watch.stop() }
}
