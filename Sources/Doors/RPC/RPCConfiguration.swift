/// What a door for Odoo's clients needs to know beside its database.
public struct RPCConfiguration: Sendable {
    /// The name under which clients ask for the database; an empty name is taken for it too.
    public var databaseName = "baton"
    /// The address that `web.base.url` gives.
    public var baseURL = ""
    /// Whether session cookies are only sent over TLS, also when a proxy ends it.
    public var secureCookies = false
    /// How much one call may ask for.
    public var limits = RPCLimits()
    /// Hears of unexpected errors; holds no data of records.
    public var report: @Sendable (RPCIncident) -> Void = { _ in }
    /// Hears of calls by somebody who is not known, where HTTP's status does not show it; must be quick.
    public var denied: @Sendable (Program) -> Void = { _ in }
    /// Hears of bodies that are no calls; must be quick.
    public var unreadable: @Sendable (UnreadableCall) -> Void = { _ in }
    /// Keeps refused calls of programs that bring something in; it is waited for before the answer.
    public var refused: @Sendable (RefusedCall) async -> Void = { _ in }
    /// The models that programs bring something into; refused creates, writes and loads of them are kept.
    public var intakeModels: Set<String> = []

    /// The usual configuration.
    public init(databaseName: String = "baton") { self.databaseName = databaseName }
}

/// How much one call may ask for.
public struct RPCLimits: Sendable {
    /// Bytes of a request.
    public var bodyBytes = 64 << 20
    /// Levels of lists and maps in a request.
    public var depth = 64
    /// Ids that one call names.
    public var ids = 50_000
    /// Records that one call returns.
    public var rows = 100_000
    /// Bytes of an answer.
    public var answerBytes = 256 << 20
    /// Rows of one import.
    public var importRows = 10_000
    /// Groups that one call returns.
    public var groups = 20_000

    /// The usual limits.
    public init() {}
}

/// An unexpected error: a random id, which the caller sees too, and what failed, without data of records.
public struct RPCIncident: Sendable {
    /// Random; it tells nothing.
    public let id: String
    /// The method that was called, such as `crm.lead.create`.
    public let call: String
    /// The error's type and stable code.
    public let error: String
}
