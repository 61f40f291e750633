import Base
import Kernel
import Pages
import Referrals
import Store

/// Brings a document from "stored" to "checked" or "refused": two units of work with the reading between them.
struct DocumentReader: Sendable {
    let database: Database
    let pages: PageService
    let configuration: DocumentDoorConfiguration
    /// Whose turn a document is, on all nodes, and how often it could not be looked at for the server's sake.
    private let turns: SharedNotes

    /// Pages drawn by one process.
    private static let batch = 8
    /// How often one document is tried when the fault is the server's.
    private static let attemptLimit = 5
    /// Documents looked at in one sweep.
    static let sweepLimit = 20
    /// Seconds for which sweeps leave a document to whoever looks at it, and for which failed looks are counted.
    private static let turnSeconds = 120, countSeconds = 86_400

    init(database: Database, pages: PageService, configuration: DocumentDoorConfiguration) {
        self.database = database
        self.pages = pages
        self.configuration = configuration
        turns = SharedNotes(database, room: "document.look", limit: 10_000)
    }

    /// Looks at a document that is stored, and keeps what was found.
    ///
    /// - Returns: What is known of it now; still `received` when the server could not look at it, then a sweep tries again.
    @discardableResult
    func look(at id: Int) async throws -> DocumentDesk.Standing {
        _ = try await takeTurn(id, always: true)
        return try await examined(id)
    }

    /// Looks at a document whose turn it is, and gives the turn back.
    private func examined(_ id: Int) async throws -> DocumentDesk.Standing {
        do {
            let content = try await database.read(as: .system, superuser: true) { env in env.record(Document.self, id).content }
            let outcome = await examine(content)
            if case .failure(let refusal) = outcome, refusal.isTemporary, try await !isTriedEnough(id) {
                return try await database.read(as: .system, superuser: true) { try DocumentDesk.standing(of: $0.record(Document.self, id)) }
            }
            let standing = try await database.write(as: .system, superuser: true) { env in
                switch outcome {
                case .success(let found): try DocumentDesk.pass(id, found.facts, found.images, in: env)
                case .failure(let refusal): try DocumentDesk.refuse(id, Refusal(refusal), in: env)
                }
                return try DocumentDesk.standing(of: env.record(Document.self, id))
            }
            await giveTurnBack(id)
            return standing
        } catch {
            await giveTurnBack(id)
            throw error
        }
    }

    /// Nothing is lost when that fails: a turn ends by itself.
    private func giveTurnBack(_ id: Int) async { try? await turns.change([String(id)]) { notes, _ in notes[0] = nil } }

    /// Looks at documents that a crash left behind, and at those that came with messages.
    func sweep() async throws {
        let ids = try await database.read(as: .system, superuser: true) {
            try DocumentDesk.waiting(limit: DocumentReader.sweepLimit, in: $0)
        }
        for id in ids {
            if Task.isCancelled { return }
            if try await takeTurn(id, always: false) { _ = try await examined(id) }
        }
    }

    private struct Findings: Sendable {
        let facts: DocumentFacts
        let images: [PageImage]
    }

    private func examine(_ content: [UInt8]) async -> Result<Findings, DocumentRefusal> {
        do throws(DocumentRefusal) {
            let facts = try await pages.inspect(content)
            let count = min(facts.pageCount, configuration.picturedPages)
            var images: [PageImage] = []
            for first in stride(from: 1, through: count, by: DocumentReader.batch) {
                let numbers = Array(first..<min(first + DocumentReader.batch, count + 1))
                images += try await pages.examine(content, pages: numbers, dpi: configuration.dotsPerInch).images
            }
            return .success(Findings(facts: facts, images: images))
        } catch {
            return .failure(error)
        }
    }

    /// Takes the turn at a document; false when somebody else has it, unless it is taken in any case.
    private func takeTurn(_ id: Int, always: Bool) async throws -> Bool {
        try await turns.change([String(id)]) { notes, now in
            var turn = Turn(notes[0])
            if !always, turn.until > now.seconds { return false }
            turn.until = now.seconds + DocumentReader.turnSeconds
            notes[0] = turn.note(now)
            return true
        }
    }

    /// Counts a look that failed for the server's sake, and gives the turn back.
    private func isTriedEnough(_ id: Int) async throws -> Bool {
        try await turns.change([String(id)]) { notes, now in
            var turn = Turn(notes[0])
            (turn.until, turn.failures) = (0, turn.failures + 1)
            let isEnough = turn.failures >= DocumentReader.attemptLimit
            notes[0] = isEnough ? nil : turn.note(now)
            return isEnough
        }
    }

    private struct Turn {
        var until = 0
        var failures = 0

        init(_ note: SharedNote?) {
            let parts = (note?.text ?? "").split(separator: " ").compactMap { Int($0) }
            if parts.count == 2 { (until, failures) = (parts[0], parts[1]) }
        }

        func note(_ now: Instant) -> SharedNote { SharedNote("\(until) \(failures)", until: now + DocumentReader.countSeconds) }
    }
}

extension Refusal {
    /// Why the reader of documents does not take one.
    init(_ refusal: DocumentRefusal) {
        self.init(
            refusal.code.rawValue, refusal.isTemporary ? .unavailable : .validation, refusal.sentence, instruction: refusal.instruction)
    }
}
