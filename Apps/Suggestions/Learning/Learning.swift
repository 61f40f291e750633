import Engine
import JSON
import Kernel
import Pages
import Reading
import Referrals
import Store

/// Learns from corrections: finds where what a person entered stands on the pages, beside which words.
///
/// The pages are read again by the confined process: no words with their places are kept.
struct Learning: Sendable {
    static let kind = "document.learn"
    /// Pages of a referral that are looked at.
    private static let pageLimit = 8

    let database: Database
    let pages: PageService

    /// Seconds after which it is done: corrections of one document come one after the other.
    private static let delaySeconds = 60

    /// Plans it for a document whose sender is known.
    static func plan(_ document: Record<Document>) throws {
        guard !document[\ReadDocument.sender].isEmpty else { return }
        let env = document.env
        try env.unit.transaction.enqueue(
            JobRequest(
                kind, queue: ReadingJobs.queue, payload: ["document": .int(document.id)],
                uniqueKey: "\(kind):\(document.id):\(env.now.seconds / delaySeconds)", runAt: env.now + delaySeconds, priority: 8))
    }

    var handler: JobHandler {
        JobHandler(
            Self.kind,
            outside: { job in
                guard let id = job.payload["document"]?.intValue else { throw JobFailure.hopeless(reason: "The job names no document.") }
                return try await attempt(id)
            })
    }

    private struct Correction: Sendable {
        let id: Int
        let field: ReadingField
        let value: String
    }

    private struct Source: Sendable {
        let content: [UInt8]
        let pages: [Int]
        let corrections: [Correction]
        let dictionaries: ReadingDictionaries
        let today: Day
    }

    func attempt(_ id: Int) async throws -> JobHandler.Ending {
        let source = try await database.read(as: .system, superuser: true) { try Learning.source(id, $0) }
        guard let source, !source.corrections.isEmpty, !source.pages.isEmpty else { return { _ in } }
        let texts: [PageText]
        do throws(DocumentRefusal) { texts = try await pages.text(of: source.content, pages: source.pages) } catch {
            if error.isTemporary { throw JobFailure.retry(inSeconds: 60, reason: error.description) }
            return { _ in }
        }
        let found = source.corrections.map { correction in
            let place = LearnedPlace.find(
                correction.value, of: correction.field, on: texts, dictionaries: source.dictionaries, today: source.today)
            return (correction.id, place)
        }
        return { env in try Learning.keep(found, of: id, in: env) }
    }

    private static func source(_ id: Int, _ env: Environment) throws -> Source? {
        guard try !env.existing([id], in: env.registry.schema(Document.self)).isEmpty else { return nil }
        let document = env.record(Document.self, id)
        let own = try SuggestionDesk.own(id, in: env)
        let corrections = own.filter { ($0.state == .corrected || $0.state == .missed) && $0.place.isNull }.compactMap { suggestion in
            ReadingField(rawValue: suggestion.field).map { Correction(id: suggestion.id, field: $0, value: suggestion.outcome) }
        }
        let numbers = (own.first?.part?.pages.arrayValue ?? []).compactMap(\.intValue)
        return Source(
            content: document.content, pages: Array(numbers.prefix(pageLimit)), corrections: corrections,
            dictionaries: try OwnNames.dictionaries(for: document), today: env.today)
    }

    private static func keep(_ found: [(Int, LearnedPlace?)], of id: Int, in env: Environment) throws {
        let known = Set(try env.existing(found.map(\.0), in: env.registry.schema(Suggestion.self)))
        for (suggestion, place) in found where known.contains(suggestion) {
            try env.record(Suggestion.self, suggestion).write(["place": .json(place?.json ?? ["found": false])])
        }
        guard try !env.existing([id], in: env.registry.schema(Document.self)).isEmpty else { return }
        let document = env.record(Document.self, id)
        let form = try SuggestionDesk.own(id, in: env).first?.form ?? ""
        try LayoutDesk.learn(document[\ReadDocument.sender], form: form, company: document.company?.id, in: env)
    }
}
