import CMIME

/// A mail taken apart: its files, those within the text, and those of forwarded mails.
///
/// GMime reads it. What could make it read forever is refused before: size, and how many lines may begin a part.
/// Source: RFC 2045 to 2049, RFC 5322.
public struct IncomingMail: Sendable {
    /// One file.
    public struct Part: Sendable, Hashable {
        /// The name that the sender gave; empty for none.
        public let name: String
        /// The media type that the sender gave, in small letters.
        public let mediaType: String
        /// Whether it is shown within the text, as a logo is.
        public let isInline: Bool
        /// The content.
        public let bytes: [UInt8]
    }

    /// The subject; empty for none.
    public let subject: String
    /// The files in their order; texts of the mail itself are left out.
    public let parts: [Part]

    /// Takes a mail apart.
    ///
    /// - Throws: What stands in the way; an encrypted part anywhere refuses the whole.
    public init(_ bytes: [UInt8], limits: MailLimits = .standard) throws(MailProblem) {
        guard bytes.count <= limits.bytes else { throw .tooLarge }
        guard Self.markers(bytes) <= limits.markers else { throw .tooManyParts }
        _ = Self.library
        var walk = Walk(limits: limits)
        let outcome = bytes.withUnsafeBufferPointer { buffer -> Result<(String, [Part]), MailProblem> in
            guard let message = mime_parse(buffer.baseAddress, buffer.count) else { return .failure(.unreadable) }
            defer { mime_free(message) }
            do throws(MailProblem) {
                guard let body = mime_body(message) else { throw .unreadable }
                try walk.take(body, depth: 0)
                return .success((mime_subject(message).map { String(cString: $0) } ?? "", walk.parts))
            } catch { return .failure(error) }
        }
        (subject, parts) = try outcome.get()
    }

    private static let library: Void = mime_start()

    /// Lines that begin with two dashes or describe a content: what a parser may nest by.
    private static func markers(_ bytes: [UInt8]) -> Int {
        let word = Array("content-type".utf8)
        var count = 0
        var place = 0
        while place < bytes.count {
            if bytes[place] == 0x2D, place + 1 < bytes.count, bytes[place + 1] == 0x2D { count += 1 }
            if place + word.count <= bytes.count, zip(word, bytes[place...]).allSatisfy({ $0 == $1 | 0x20 }) { count += 1 }
            while place < bytes.count, bytes[place] != 0x0A { place += 1 }
            place += 1
        }
        return count
    }
}

/// Walks through the parts of a mail.
private struct Walk {
    let limits: MailLimits
    var parts: [IncomingMail.Part] = []
    private var seen = 0

    init(limits: MailLimits) { self.limits = limits }

    mutating func take(_ node: UnsafeMutableRawPointer, depth: Int) throws(MailProblem) {
        guard depth <= limits.depth else { throw .tooDeep }
        seen += 1
        guard seen <= limits.parts else { throw .tooManyParts }
        switch mime_sort_of(node) {
        case mime_sealed: throw .encrypted
        case mime_many:
            for place in 0..<mime_count(node) { if let child = mime_child(node, place) { try take(child, depth: depth + 1) } }
        case mime_message:
            if let message = mime_forwarded(node), let body = mime_body(message) { try take(body, depth: depth + 1) }
        case mime_leaf: try leaf(node)
        default: break
        }
    }

    private mutating func leaf(_ node: UnsafeMutableRawPointer) throws(MailProblem) {
        let type = mime_type(node)
        defer { g_free(type) }
        let mediaType = type.map { String(cString: $0).lowercased() } ?? ""
        if ["application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"].contains(mediaType) { throw .encrypted }
        let name = mime_name(node).map { String(cString: $0) } ?? ""
        // The mail's own words are no file, unless they came as one.
        if mediaType.hasPrefix("text/"), name.isEmpty { return }
        guard let content = mime_content(node) else { return }
        defer { g_byte_array_unref(content) }
        let bytes = Array(UnsafeBufferPointer(start: content.pointee.data, count: Int(content.pointee.len)))
        parts.append(IncomingMail.Part(name: name, mediaType: mediaType, isInline: mime_is_inline(node) != 0, bytes: bytes))
    }
}
