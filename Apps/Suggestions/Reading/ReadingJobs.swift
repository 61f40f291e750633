import Engine
import Exceptions
import Kernel
import Pages
import Reading
import Referrals
import Store

/// Reads documents that were checked, one after the other, in processes of their own.
public struct ReadingJobs: Sendable {
    /// The queue that a runner has to work on.
    public static let queue = "reading"
    static let kind = "document.read"
    /// Pages of one document that are read; what asks for something stands on the first ones.
    static let pageLimit = 30

    private let database: Database
    private let pages: PageService

    /// - Parameter pages: Reads pages; share it with the doors, because it counts the processes.
    public init(_ database: Database, _ pages: PageService) {
        self.database = database
        self.pages = pages
    }

    /// What a runner is given.
    public var handlers: [JobHandler] {
        [
            JobHandler(
                Self.kind,
                outside: { job in
                    guard let id = job.payload["document"]?.intValue else {
                        throw JobFailure.hopeless(reason: "The job names no document.")
                    }
                    return try await attempt(id)
                }), GoingOn.handler, Learning(database: database, pages: pages).handler,
        ]
    }

    /// Plans the reading of a document.
    static func plan(_ document: Record<Document>) throws {
        try document.write(["reading_state": "waiting"])
        try document.env.unit.transaction.enqueue(
            JobRequest(
                kind, queue: queue, payload: ["document": .int(document.id)],
                uniqueKey: "\(kind):\(document.id):\(DocumentReading.version)"))
    }

    /// Reads a document and keeps what was found, at once: for whoever cannot wait for the queue.
    public func read(_ id: Int) async throws {
        let ending = try await attempt(id)
        try await database.write(as: .system, superuser: true) { env in try ending(env) }
        try await database.write(as: .system, superuser: true) { env in try GoingOn.enter(id, in: env) }
    }

    private struct Source: Sendable {
        let content: [UInt8]
        let pageCount: Int
        let dictionaries: ReadingDictionaries
        let today: Day
        let arrival: String
        let layouts: [LayoutDesk.Known]
    }

    /// Learns from what people corrected in a document, at once: for whoever cannot wait for the queue.
    public func learn(_ id: Int) async throws {
        let ending = try await Learning(database: database, pages: pages).attempt(id)
        try await database.write(as: .system, superuser: true) { env in try ending(env) }
    }

    private func attempt(_ id: Int) async throws -> JobHandler.Ending {
        let source = try await database.read(as: .system, superuser: true) { env -> Source? in
            guard try !env.existing([id], in: env.registry.schema(Document.self)).isEmpty else { return nil }
            let document = env.record(Document.self, id)
            guard document.state == .checked else { return nil }
            return Source(
                content: document.content, pageCount: document.pageCount, dictionaries: try OwnNames.dictionaries(for: document),
                today: env.today, arrival: document.intake?.sender ?? "",
                layouts: try LayoutDesk.known(at: document.company?.id, in: env))
        }
        // A person was faster, or the document is gone.
        guard let source else { return { env in try ReadingDesk.leave(id, in: env) } }
        switch await texts(of: source) {
        case .success(let texts):
            let read = SenderReading(
                texts, arrival: source.arrival, layouts: source.layouts, dictionaries: source.dictionaries, today: source.today)
            return { env in try ReadingDesk.keep(read, texts, of: id, in: env) }
        case .failure(let refusal):
            if refusal.isTemporary { throw JobFailure.retry(inSeconds: 60, reason: refusal.description) }
            return { env in try ReadingDesk.keep(refusal, of: id, in: env) }
        }
    }

    private func texts(of source: Source) async -> Result<[PageText], DocumentRefusal> {
        var texts: [PageText] = []
        do throws(DocumentRefusal) {
            let count = min(source.pageCount, Self.pageLimit)
            for first in stride(from: 1, through: count, by: pages.limits.textPagesPerRequest) {
                let numbers = Array(first..<min(first + pages.limits.textPagesPerRequest, count + 1))
                texts += try await pages.text(of: source.content, pages: numbers)
            }
            return .success(texts)
        } catch { return .failure(error) }
    }
}
