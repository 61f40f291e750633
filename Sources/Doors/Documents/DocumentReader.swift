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
    /// How often a document that could not be looked at for the server's sake was tried.
    private let attempts = Locked<[Int: Int]>([:])

    /// Pages drawn by one process.
    private static let batch = 8
    /// How often one document is tried when the fault is the server's.
    private static let attemptLimit = 5
    /// Documents looked at in one sweep.
    static let sweepLimit = 20

    init(database: Database, pages: PageService, configuration: DocumentDoorConfiguration) {
        self.database = database
        self.pages = pages
        self.configuration = configuration
    }

    /// Looks at a document that is stored, and keeps what was found.
    ///
    /// - Returns: What is known of it now; still `received` when the server could not look at it, then a sweep tries again.
    @discardableResult
    func look(at id: Int) async throws -> DocumentDesk.Standing {
        let content = try await database.read(as: .system, superuser: true) { env in env.record(Document.self, id).content }
        let outcome = await examine(content)
        return try await database.write(as: .system, superuser: true) { [self] env in
            switch outcome {
            case .success(let found): try DocumentDesk.pass(id, found.facts, found.images, in: env)
            case .failure(let refusal):
                if !refusal.isTemporary || isTriedEnough(id) { try DocumentDesk.refuse(id, Refusal(refusal), in: env) }
            }
            return try DocumentDesk.standing(of: env.record(Document.self, id))
        }
    }

    /// Looks at documents that a crash left behind, and at those that came with messages.
    func sweep() async throws {
        let ids = try await database.read(as: .system, superuser: true) {
            try DocumentDesk.waiting(limit: DocumentReader.sweepLimit, in: $0)
        }
        for id in ids {
            if Task.isCancelled { return }
            try await look(at: id)
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

    private func isTriedEnough(_ id: Int) -> Bool {
        attempts.withLock { attempts in
            attempts[id, default: 0] += 1
            guard attempts[id, default: 0] >= DocumentReader.attemptLimit else { return false }
            attempts[id] = nil
            return true
        }
    }
}

extension Refusal {
    /// Why the reader of documents does not take one.
    init(_ refusal: DocumentRefusal) {
        self.init(
            refusal.code.rawValue, refusal.isTemporary ? .unavailable : .validation, refusal.sentence, instruction: refusal.instruction)
    }
}
