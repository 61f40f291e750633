/// What the client's door needs to know beside its database.
public struct ClientConfiguration: Sendable {
    /// The folder of the client's files; nil serves the calls alone.
    public var folder: String?
    /// Whether the folder is looked at again for each page, for whoever changes the client while it is served.
    public var rereads = false
    /// Where browsers find the client, without a slash at its end, for links in mails; empty takes what the asking browser used.
    public var publicURL = ""
    /// What the place is called at the top of the client.
    public var place = "Baton"
    /// The folder with the keys and checkpoints of the audit trail; nil cannot verify it.
    public var auditFolder: String?
    /// Bytes of one call.
    public var bodyBytes = 4 << 20
    /// Rows of one answer.
    public var rows = 500
    /// Records that one call changes.
    public var records = 2_000
    /// Lines of a record's history in one answer.
    public var historyLines = 100
    /// Streams of changes of one session, and of all together.
    public var streamsOfSession = 8
    /// The most streams at a time.
    public var streams = 2_000
    /// Seconds after which a stream ends and is opened again, with its session looked at anew.
    public var streamSeconds = 600.0
    /// Seconds between two looks at the trail.
    public var feedSeconds = 1.0
    /// Hears of unexpected errors: an id, the call, and the error's code; holds no data of records.
    public var report: @Sendable (_ id: String, _ call: String, _ error: String) -> Void = { _, _, _ in }

    /// The usual configuration.
    public init() {}
}
