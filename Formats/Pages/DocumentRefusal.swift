/// Why a document is not taken, in a form that the sender, the clerk and a program can use.
public struct DocumentRefusal: Error, Codable, Hashable, Sendable, CustomStringConvertible {
    /// The stable codes; their texts are stored and sent.
    public enum Code: String, Codable, Hashable, Sendable, CaseIterable {
        /// There are no bytes.
        case empty = "document.empty"
        /// More bytes than the limit.
        case tooLarge = "document.too_large"
        /// Neither PDF, TIFF, PNG nor JPEG.
        case unknownKind = "document.unknown_kind"
        /// A PDF that opens only with a password.
        case encrypted = "document.encrypted"
        /// The structure is damaged or cut off.
        case broken = "document.broken"
        /// More pages than the limit.
        case tooManyPages = "document.too_many_pages"
        /// A page or an image declares more pixels than the limit.
        case tooManyPixels = "document.too_many_pixels"
        /// Reading took more CPU time, memory or output than the limit (a decompression bomb, for example).
        case tooCostly = "document.too_costly"
        /// Reading took longer than the limit on the clock.
        case tooSlow = "document.too_slow"
        /// The document made its reader crash.
        case readerCrashed = "document.reader_crashed"
        /// The document has no page of that number.
        case noSuchPage = "document.no_such_page"
        /// The request asks for a resolution or a number of pages outside the limits.
        case badRequest = "document.bad_request"
        /// Too many documents wait already.
        case busy = "document.busy"
        /// The reader cannot be started on this server.
        case readerMissing = "document.reader_missing"
    }

    /// The stable code.
    public let code: Code
    /// One sentence that says what is wrong; holds no content of the document.
    public let sentence: String
    /// What the sender or the clerk should do next.
    public let instruction: String

    /// The code, the sentence and the instruction in one line.
    public var description: String { "\(code.rawValue): \(sentence) \(instruction)" }

    /// Whether the same document may well be taken later: the fault lies with this server.
    public var isTemporary: Bool { code == .busy || code == .readerMissing || code == .tooSlow }
}

extension DocumentRefusal {
    static func empty() -> Self { .init(code: .empty, sentence: "The document has no content.", instruction: "Send it again.") }

    static func tooLarge(limit: Int) -> Self {
        .init(
            code: .tooLarge, sentence: "The document is larger than \(limit >> 20) MiB.",
            instruction: "Scan it at a lower resolution, or send it in parts.")
    }

    static func unknownKind() -> Self {
        .init(
            code: .unknownKind, sentence: "The document is neither PDF, TIFF, PNG nor JPEG.",
            instruction: "Save or print it as PDF and send that.")
    }

    static func encrypted() -> Self {
        .init(
            code: .encrypted, sentence: "The PDF opens only with a password.",
            instruction: "Remove the password and send it again; the transport protects it on the way.")
    }

    /// - Parameter what: The damaged part, such as “image header”; never content.
    static func broken(_ what: String) -> Self {
        .init(
            code: .broken, sentence: "The document is damaged or cut off: \(what).",
            instruction: "Open it to check it, then save and send it again.")
    }

    static func tooManyPages(limit: Int) -> Self {
        .init(
            code: .tooManyPages, sentence: "The document has more than \(limit) pages.",
            instruction: "Send the pages that matter, or send it in parts.")
    }

    static func tooManyPixels(limit: Int) -> Self {
        .init(
            code: .tooManyPixels, sentence: "A page of the document is larger than \(limit) pixels or 200 inches.",
            instruction: "Scan it at a lower resolution and send it again.")
    }

    static func tooCostly() -> Self {
        .init(
            code: .tooCostly, sentence: "Reading the document takes more memory or computing time than one document may.",
            instruction: "Print it to a new PDF, or scan it, and send that.")
    }

    static func unpacksToTooMuch(limit: Int) -> Self {
        .init(
            code: .tooCostly, sentence: "The PDF unpacks to more than \(limit >> 20) MiB, images aside.",
            instruction: "Print it to a new PDF, or scan it, and send that.")
    }

    static func tooManyObjects(limit: Int) -> Self {
        .init(
            code: .tooCostly, sentence: "The PDF consists of more than \(limit) objects, or says so.",
            instruction: "Print it to a new PDF, or scan it, and send that.")
    }

    static func tooSlow(seconds: Double) -> Self {
        .init(
            code: .tooSlow, sentence: "Reading the document took longer than \(Int(seconds)) seconds.",
            instruction: "Try again when the server is less busy; if it happens again, print it to a new PDF and send that.")
    }

    static func readerCrashed() -> Self {
        .init(
            code: .readerCrashed, sentence: "The document made its reader stop.",
            instruction: "Print it to a new PDF, or scan it, and send that.")
    }

    static func noSuchPage(_ page: Int, count: Int) -> Self {
        .init(code: .noSuchPage, sentence: "The document has no page \(page).", instruction: "Ask for a page from 1 to \(count).")
    }

    static func badRequest(_ limits: PageLimits) -> Self {
        .init(
            code: .badRequest, sentence: "The request asks for too many pages at once or a resolution that is not offered.",
            instruction: "Ask for at most \(limits.pagesPerRequest) pages at \(limits.dotsPerInch.lowerBound) to "
                + "\(limits.dotsPerInch.upperBound) dots per inch.")
    }

    static func busy() -> Self {
        .init(code: .busy, sentence: "Too many documents wait to be read.", instruction: "Try again in a minute.")
    }

    static func readerMissing(_ path: String) -> Self {
        .init(
            code: .readerMissing, sentence: "The document reader \(path) cannot be started.",
            instruction: "Ask an administrator to check the installation and the limits on processes.")
    }
}
