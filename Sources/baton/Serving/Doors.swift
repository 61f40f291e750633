import Base
import HTTPServer
import Kernel
import RPCDoor
import Store

/// What the doors are given.
struct House: Sendable {
    let database: Database
    let configuration: ServeConfiguration
    let log: Log
    let health: Health
    /// Who signs in, for every door.
    let authenticator: Authenticator
}

/// The doors of this program. A new door over HTTP adds one line to `routes`, any other one to `openOthers`.
enum Doors {
    /// Every route of the HTTP server.
    static func routes(_ house: House) throws -> Router {
        var router = Router()
        house.health.add(to: &router)
        rpc(house).routes(into: &router)
        return router
    }

    private static func rpc(_ house: House) -> RPCDoor {
        var configuration = RPCConfiguration(databaseName: DataFolder.databaseName)
        configuration.secureCookies = house.configuration.tls != nil
        configuration.report = {
            house.log.error("A call failed unexpectedly.", ["incident.id": $0.id, "rpc.call": $0.call, "error.code": $0.error])
        }
        return RPCDoor(database: house.database, authenticator: house.authenticator, configuration: configuration)
    }

    /// Opens the doors that do not speak HTTP; gives them in the order in which they opened.
    static func openOthers(_ house: House) throws -> [any OpenDoor] {
        []
    }
}

/// A door that was opened and can be shut.
protocol OpenDoor: Sendable {
    /// What to print about it: `HL7 v2 (MLLP) on 127.0.0.1:2575`.
    var sign: String { get }
    /// Takes nothing new and finishes what came in.
    func stop() async
}
