import Base
import HTMLPages
import HTTPServer
import Kernel
import Store

/// The web client: its files under `/app`, the calls it makes under `/app/api`, and the stream of changes.
///
/// It translates and decides nothing: what people see is declared in the apps' views, what they may do is asked in the kernel.
public struct ClientDoor: Sendable {
    let gate: CallerGate
    let configuration: ClientConfiguration
    let catalogue: ViewCatalogue
    let files: ClientFiles?
    let feed: ChangeFeed
    let presence: PresenceBoard
    let saves: SaveNotes
    let streams: StreamCount

    /// A door to a database.
    ///
    /// - Throws: `client.views` when an app's views name what does not exist; `client.no_files` when the folder holds no client.
    public init(
        database: Database, authenticator: Authenticator, configuration: ClientConfiguration = ClientConfiguration()
    ) throws {
        gate = CallerGate(database, authenticator)
        self.configuration = configuration
        catalogue = try ViewCatalogue(database.registry)
        files = try configuration.folder.map { try ClientFiles($0, rereads: configuration.rereads, place: configuration.place) }
        feed = ChangeFeed(database: database, seconds: configuration.feedSeconds)
        presence = PresenceBoard(database, seconds: configuration.feedSeconds)
        saves = SaveNotes(database)
        streams = StreamCount(perSession: configuration.streamsOfSession, total: configuration.streams)
    }

    /// Whether there is a client to show.
    public var hasFiles: Bool { files != nil }

    /// Adds the routes: `/app…`.
    public func routes(into router: inout Router) {
        FileRoutes(door: self).add(to: &router)
        StartCall(door: self).add(to: &router)
        ViewCall(door: self).add(to: &router)
        SearchCall(door: self).add(to: &router)
        RecordCall(door: self).add(to: &router)
        SaveCall(door: self).add(to: &router)
        ActionCall(door: self).add(to: &router)
        ImportCall(door: self).add(to: &router)
        DashboardCall(door: self).add(to: &router)
        AuditCall(door: self).add(to: &router)
        SecondFactorCall(door: self).add(to: &router)
        PresenceCall(door: self).add(to: &router)
        HandOverCall(door: self).add(to: &router)
        SeeingCall(door: self).add(to: &router)
        InvitationCall(door: self).add(to: &router)
        ProofCall(door: self).add(to: &router)
        EventRoute(door: self).add(to: &router)
    }
}
