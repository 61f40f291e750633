import Foundation

/// Reads documents from outside, each in a process of its own that a document can crash, slow down or fill without harm.
///
/// Safe to share; keep one for the server, because it counts the workers. Nothing is kept between requests and nothing is
/// written to a file.
public final class PageService: Sendable {
    /// What a document may cost.
    public let limits: PageLimits

    private let executable: String
    private let leadingArguments: [String]
    private let queue: OperationQueue
    private let reading: OperationQueue

    /// Prepares the service; starts nothing yet.
    /// - Parameters:
    ///   - executable: The absolute path of the command that runs ``PageWorker/main(arguments:)``: the server's own.
    ///   - leadingArguments: What to put before the worker's arguments.
    ///   - limits: What a document may cost, and how many workers run at once.
    public init(executable: String, leadingArguments: [String] = ["page-worker"], limits: PageLimits = .standard) {
        self.executable = executable
        self.leadingArguments = leadingArguments
        self.limits = limits
        queue = OperationQueue()
        queue.maxConcurrentOperationCount = max(1, limits.workers)
        reading = OperationQueue()
        reading.maxConcurrentOperationCount = max(1, limits.readers)
    }

    /// The facts of a document.
    /// - Throws: Every code of ``DocumentRefusal`` except `document.no_such_page` and `.bad_request`.
    public func inspect(_ bytes: [UInt8]) async throws(DocumentRefusal) -> DocumentFacts {
        try await examine(bytes, pages: []).facts
    }

    /// The facts of a document together with the pictures of some pages, from one worker.
    /// - Parameters:
    ///   - bytes: The whole document.
    ///   - pages: Counted from 1; at most ``PageLimits/pagesPerRequest``.
    ///   - dpi: Dots per inch, within ``PageLimits/dotsPerInch``.
    /// - Throws: Every code of ``DocumentRefusal``.
    public func examine(_ bytes: [UInt8], pages: [Int], dpi: Int = 150) async throws(DocumentRefusal) -> ExaminedDocument {
        let request = WorkerRequest(wantsFacts: true, pages: pages, dpi: dpi, limits: limits)
        let answer = try await answer(to: request, bytes)
        guard let facts = answer.facts else { throw .readerCrashed() }
        return ExaminedDocument(facts: facts, images: answer.images)
    }

    /// The picture of one page; quicker than ``examine(_:pages:dpi:)`` because no other page is looked at.
    /// - Parameters:
    ///   - bytes: The whole document.
    ///   - page: Counted from 1.
    ///   - dpi: Dots per inch, within ``PageLimits/dotsPerInch``.
    /// - Throws: Every code of ``DocumentRefusal``.
    public func render(_ bytes: [UInt8], page: Int, dpi: Int = 150) async throws(DocumentRefusal) -> PageImage {
        let answer = try await answer(to: WorkerRequest(pages: [page], dpi: dpi, limits: limits), bytes)
        guard let image = answer.images.first else { throw .readerCrashed() }
        return image
    }

    /// The picture reduced to each of the sizes, by a worker of its own, on the calling thread: for code that may block.
    ///
    /// Sides stay in proportion and nothing is enlarged; a JPEG stays a JPEG, anything else becomes a PNG.
    /// - Parameters:
    ///   - picture: A PNG, JPEG, GIF or WebP.
    ///   - sizes: At least one, at most ``PageLimits/pagesPerRequest``.
    /// - Throws: Every code of ``DocumentRefusal`` but those of pages.
    public func reduce(_ picture: [UInt8], to sizes: [PictureBounds]) throws(DocumentRefusal) -> [[UInt8]] {
        guard !sizes.isEmpty, sizes.count <= limits.pagesPerRequest else { throw .badRequest(limits) }
        guard !picture.isEmpty else { throw .empty() }
        guard picture.count <= limits.documentBytes else { throw .tooLarge(limit: limits.documentBytes) }
        return try runWorker(WorkerRequest(bounds: sizes, limits: limits), picture).get().pictures.map(\.bytes)
    }

    /// What stands on some pages, by a worker of its own.
    ///
    /// Recognising takes half a second for each page and more for worn ones; it waits in a line of its own, so that documents that only
    /// arrive are looked at meanwhile.
    /// - Parameters:
    ///   - bytes: The whole document.
    ///   - pages: Counted from 1; at most ``PageLimits/textPagesPerRequest``.
    ///   - recipe: How pages are made ready.
    /// - Throws: Every code of ``DocumentRefusal``.
    public func text(
        of bytes: [UInt8], pages: [Int], recipe: RecognitionRecipe = RecognitionRecipe()
    ) async throws(DocumentRefusal) -> [PageText] {
        guard pages.count <= limits.textPagesPerRequest, !pages.isEmpty else { throw .badRequest(limits) }
        var limits = limits
        limits.workerCPUSeconds += limits.textCPUSecondsPerPage * pages.count
        limits.workerWallSeconds += limits.textWallSecondsPerPage * Double(pages.count)
        let request = WorkerRequest(textPages: pages, recipe: recipe, limits: limits)
        return try await answer(to: request, bytes, in: reading, waiting: limits.waiting).texts
    }

    /// Waits for a free worker and lets it answer.
    private func answer(to request: WorkerRequest, _ bytes: [UInt8]) async throws(DocumentRefusal) -> WorkerAnswer {
        try await answer(to: request, bytes, in: queue, waiting: limits.workers + limits.waiting)
    }

    private func answer(
        to request: WorkerRequest, _ bytes: [UInt8], in queue: OperationQueue, waiting: Int
    ) async throws(DocumentRefusal) -> WorkerAnswer {
        guard request.pages.count <= limits.pagesPerRequest, limits.dotsPerInch.contains(request.dpi) else { throw .badRequest(limits) }
        // What shows without parsing needs no process.
        guard !bytes.isEmpty else { throw .empty() }
        guard bytes.count <= limits.documentBytes else { throw .tooLarge(limit: limits.documentBytes) }
        guard DocumentKind(magicOf: bytes) != nil else { throw .unknownKind() }
        guard queue.operationCount < waiting else { throw .busy() }
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<WorkerAnswer, DocumentRefusal>, Never>) in
            queue.addOperation { continuation.resume(returning: self.runWorker(request, bytes)) }
        }
        return try result.get()
    }

    private func runWorker(_ request: WorkerRequest, _ bytes: [UInt8]) -> Result<WorkerAnswer, DocumentRefusal> {
        guard let argument = request.argument else { return .failure(.readerMissing(executable)) }
        let process = WorkerProcess(executable: executable, arguments: leadingArguments + [argument], limits: request.limits)
        switch process.run(bytes) {
        case .notStarted: return .failure(.readerMissing(executable))
        case .late: return .failure(.tooSlow(seconds: request.limits.workerWallSeconds))
        case .talkative: return .failure(.tooCostly())
        case .ended(let answer, let exit):
            guard let frames = WorkerFrame.decode(answer) else { return .failure(exit.refusal(executable: executable, limits: limits)) }
            return WorkerAnswer.collect(frames, for: request)
        }
    }
}

/// What a worker answered, taken out of its frames.
struct WorkerAnswer: Sendable {
    var facts: DocumentFacts?
    var images: [PageImage] = []
    var pictures: [ReducedPicture] = []
    var texts: [PageText] = []

    /// Accepts exactly what was asked for, in its order: a worker that was taken over may send anything.
    static func collect(_ frames: [WorkerFrame], for request: WorkerRequest) -> Result<WorkerAnswer, DocumentRefusal> {
        var answer = WorkerAnswer()
        for frame in frames {
            switch frame {
            case .facts(let facts): answer.facts = facts
            case .page(let image): answer.images.append(image)
            case .picture(let picture): answer.pictures.append(picture)
            case .text(let text): answer.texts.append(text)
            case .refusal(let refusal): return .failure(refusal)
            case .end: break
            }
        }
        let isComplete =
            answer.images.map(\.page) == request.pages && answer.texts.map(\.page) == request.textPages
            && (answer.facts != nil) == request.wantsFacts
            && answer.pictures.map(\.number) == Array(1..<request.bounds.count + 1)
            && zip(answer.pictures, request.bounds).allSatisfy { $1.scale(($0.width, $0.height)) == 1 }
        return isComplete ? .success(answer) : .failure(.readerCrashed())
    }
}
