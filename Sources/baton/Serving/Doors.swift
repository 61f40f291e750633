import Base
import DocumentDoor
import HTTPServer
import Kernel
import MLLPDoor
import Pages
import RPCDoor
import Store

/// What the doors are given.
struct House: Sendable {
    let database: Database
    let configuration: ServeConfiguration
    let log: Log
    let health: Health
    /// Tells who calls; one for all doors, so that what one verified the others know.
    let authenticator: Authenticator
    /// Looks at documents in processes of their own; one for all doors, because it counts them.
    let pages: PageService
    let documents: DocumentDoor

    init(_ database: Database, _ configuration: ServeConfiguration, _ log: Log) throws {
        self.database = database
        self.configuration = configuration
        self.log = log
        health = Health(database)
        authenticator = Authenticator(database: database)
        pages = PageService(executable: ProgramFile.path)
        var documents = DocumentDoorConfiguration()
        documents.watchFolder = configuration.watchFolder
        documents.formKey = try DataFolder(configuration.data).secret("forms")
        documents.secureCookies = configuration.hasSecureAddress
        self.documents = try DocumentDoor(database: database, authenticator: authenticator, pages: pages, configuration: documents)
    }
}

/// The doors of this program. A new door over HTTP adds one line to `routes`, any other one to `openOthers`.
enum Doors {
    /// Every route of the HTTP server.
    static func routes(_ house: House) throws -> Router {
        var router = Router()
        house.health.add(to: &router)
        rpc(house).routes(into: &router)
        house.documents.routes(into: &router)
        return router
    }

    /// Opens the doors that do not speak HTTP; gives them in the order in which they opened.
    static func openOthers(_ house: House) throws -> [any OpenDoor] {
        var doors: [any OpenDoor] = []
        if let port = house.configuration.mllpPort { doors.append(try OpenMLLP(house, port: port)) }
        doors.append(OpenDocuments(watch: try house.documents.open(), folder: house.configuration.watchFolder))
        return doors
    }

    private static func rpc(_ house: House) -> RPCDoor {
        var configuration = RPCConfiguration(databaseName: DataFolder.databaseName)
        configuration.secureCookies = house.configuration.hasSecureAddress
        configuration.baseURL = house.configuration.publicURL ?? ""
        let log = house.log
        configuration.report = { incident in
            log.error("A call failed unexpectedly.", ["rpc.incident": incident.id, "rpc.call": incident.call, "rpc.error": incident.error])
        }
        return RPCDoor(database: house.database, authenticator: house.authenticator, configuration: configuration)
    }
}

/// A door that was opened and can be shut.
protocol OpenDoor: Sendable {
    /// What to print about it: `mllp://127.0.0.1:2575`.
    var sign: String? { get }
    /// Takes nothing new and finishes what came in.
    func stop(graceSeconds: Double) async
}

/// The open door for HL7 v2.
struct OpenMLLP: OpenDoor {
    let sign: String?
    let port: Int
    private let door: MLLPDoor

    init(_ house: House, port: Int) throws {
        var configuration = MLLPConfiguration(host: house.configuration.host, port: port)
        configuration.trusted = house.configuration.mllpTrusted
        configuration.senders = house.configuration.mllpSenders
        let log = house.log
        door = MLLPDoor(database: house.database, configuration: configuration) { message, metadata in
            log.info("The door for HL7 v2 reports.", LogMetadata(dictionaryLiteral: ("mllp.event", message)).adding(metadata))
        }
        try door.start()
        self.port = door.port
        sign = "mllp://\(house.configuration.host):\(door.port)"
    }

    func stop(graceSeconds: Double) async { await door.stop(graceSeconds: graceSeconds) }
}

/// What looks at documents that wait, and at the watched folder.
struct OpenDocuments: OpenDoor {
    let watch: DocumentWatch
    let folder: String?

    var sign: String? { folder.map { "the folder \($0)" } }

    func stop(graceSeconds: Double) async { await watch.stop() }
}
