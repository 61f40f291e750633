import Base
import FHIR
import HTTPServer
import Kernel
import Pages
import Store

/// FHIR R4 over HTTP: what a referral desk and its senders exchange.
///
/// It translates and decides nothing: rights, rules and masks are asked by the kernel, once for every door. What would become a referral
/// is stored as it arrived before it is carried out.
/// Source: HL7 FHIR R4 (4.0.1), “RESTful API”.
public struct FHIRDoor: Sendable {
    let database: Database
    let authenticator: Authenticator
    let configuration: FHIRConfiguration
    let pages: PageService?

    /// A door to a database.
    ///
    /// - Parameter pages: Looks at attached documents before they are taken; without it they are looked at later.
    public init(
        database: Database, authenticator: Authenticator, pages: PageService? = nil, configuration: FHIRConfiguration = FHIRConfiguration()
    ) {
        self.pages = pages
        self.database = database
        self.authenticator = authenticator
        self.configuration = configuration
    }

    /// Adds the door's routes below `configuration.path`; every answer there, refusals included, is FHIR.
    public func routes(into router: inout Router) {
        let exchange = FHIRExchange(door: self)
        for method in HTTPMethod.allCases where method != .head {
            router.on(method, configuration.path + "/{path*}", bodyLimit: configuration.bodyBytes) { await exchange.answer(to: $0) }
        }
    }
}

/// What the FHIR door needs to know beside its database.
public struct FHIRConfiguration: Sendable {
    /// Where the door stands.
    public var path = "/fhir"
    /// The address of the door as clients see it, without a slash at its end; empty takes the request's own.
    public var baseURL = ""
    /// Bytes of a request.
    public var bodyBytes = 32 << 20
    /// Entries of a batch or transaction.
    public var entries = 200
    /// Attached documents of one request that are looked at before it is answered; the rest is looked at soon after.
    public var inspected = 20
    /// Bytes of a request that is kept though it could not be carried out and is no referral.
    public var keptBytes = 4 << 20
    /// Resources on a page when the client does not say how many.
    public var pageSize = 50
    /// The most resources on a page.
    public var largestPage = 200
    /// The most resources that one `_include` brings along.
    public var includes = 500
    /// Hears of unexpected errors; holds no data of records.
    public var report: @Sendable (FHIRIncident) -> Void = { _ in }

    /// The usual configuration.
    public init() {}
}

/// An unexpected error: a random id, which the caller sees too, and what failed, without data of records.
public struct FHIRIncident: Sendable {
    /// Random, in hexadecimal digits.
    public let id: String
    /// Method and resource type, such as `POST ServiceRequest`.
    public let call: String
    /// The error's type or stable code.
    public let error: String
}
