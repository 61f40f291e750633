import HTTPServer
import Kernel
import Store

/// What the doors are given.
struct House: Sendable {
    let database: Database
    let configuration: ServeConfiguration
    let log: Log
    let health: Health
}

/// The doors of this program. A new door over HTTP adds one line to `routes`, any other one to `openOthers`.
enum Doors {
    /// Every route of the HTTP server.
    static func routes(_ house: House) throws -> Router {
        var router = Router()
        house.health.add(to: &router)
        return router
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
