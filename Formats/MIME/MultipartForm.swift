/// The parts of a `multipart/form-data` body.
///
/// Source: RFC 7578 and RFC 2046 §5.1. Lines end with CR LF; headers are not folded; the closing boundary must be there.
public struct MultipartForm: Sendable, Hashable {
    /// One field or one file.
    public struct Part: Sendable, Hashable {
        /// The field's name, as sent.
        public var name: String
        /// The file's name made safe by ``FileName/sanitised(_:)``; nil for an ordinary field.
        public var filename: String?
        /// What the sender says the bytes are, in lower case and without parameters; never trust it, see ``FileKind``.
        public var contentType: String?
        /// The content.
        public var bytes: [UInt8]

        /// A part from its pieces.
        public init(name: String, filename: String? = nil, contentType: String? = nil, bytes: [UInt8]) {
            self.name = name
            self.filename = filename
            self.contentType = contentType
            self.bytes = bytes
        }

        /// The content as text; nil when it is not valid UTF-8.
        public var text: String? { String(validating: bytes, as: UTF8.self) }
    }

    /// All parts, in order.
    public var parts: [Part]

    /// The first part of that name.
    public subscript(_ name: String) -> Part? { parts.first { $0.name == name } }

    /// A form from its parts.
    public init(_ parts: [Part]) { self.parts = parts }

    /// Reads a whole body.
    ///
    /// - Parameters:
    ///   - body: The bytes of the request.
    ///   - contentType: Its `Content-Type` header, which names the boundary.
    ///   - limits: What is refused although it is correct.
    /// - Throws: `mime.content_type`, `mime.too_large`, `mime.too_many_parts`, `mime.headers_too_large`,
    ///   `mime.malformed`, `mime.encoding`.
    public init(parsing body: [UInt8], contentType: String, limits: MIMELimits = .default) throws(MIMEError) {
        guard body.count <= limits.maxBytes else { throw .tooLarge(limits.maxBytes) }
        guard let type = ContentType(contentType), type.essence == "multipart/form-data", let boundary = type.parameters["boundary"],
            1...MIMELimits.maxBoundaryBytes ~= boundary.utf8.count, boundary.utf8.allSatisfy({ 0x20...0x7E ~= $0 })
        else { throw .contentType }
        parts = try body.withUnsafeBytes { buffer in
            var reader = MultipartReader(body: buffer, boundary: boundary, limits: limits)
            return Result { () throws(MIMEError) in try reader.parts() }
        }.get()
    }
}
