import Base
import HTTPServer
import Kernel
import Store

/// Odoo's external API: JSON-RPC, XML-RPC, the web client's routes and JSON-2.
///
/// It translates and decides nothing: rights, rules and masks are asked by the kernel, once for every door.
/// Source: Odoo developer documentation, “External API” and “External JSON-2 API”.
public struct RPCDoor: Sendable {
    let database: Database
    let authenticator: Authenticator
    let configuration: RPCConfiguration
    let dispatcher: Dispatcher

    /// A door to a database.
    public init(database: Database, authenticator: Authenticator, configuration: RPCConfiguration = RPCConfiguration()) {
        self.database = database
        self.authenticator = authenticator
        self.configuration = configuration
        dispatcher = Dispatcher(database: database, authenticator: authenticator, limits: configuration.limits)
    }

    /// Adds the door's routes.
    public func routes(into router: inout Router) {
        JSONRPCRoute(door: self).add(to: &router)
        XMLRPCRoute(door: self).add(to: &router)
        WebRoutes(door: self).add(to: &router)
        DatasetRoutes(door: self).add(to: &router)
        JSON2Route(door: self).add(to: &router)
    }

    /// What the caller sees of an error; an unexpected one gets a random id and is reported.
    func failure(_ error: any Error, call: String, style: ErrorStyle = .jsonRPC, from program: Program) -> RPCFailure {
        if let refusal = error as? Refusal, refusal.kind == .unauthenticated, !program.hadSession, style != .json2 {
            configuration.denied(program)
        }
        var failure = RPCFailure(error, style: style)
        if failure.isUnexpected {
            let incident = RPCIncident(id: Incident.newId(), call: call, error: failure.debug)
            configuration.report(incident)
            failure.hide(behind: incident.id)
        }
        return failure
    }
}
