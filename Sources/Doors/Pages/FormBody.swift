import HTTPServer
import MIME

/// What a browser's form sent: texts by name, and files.
public struct FormBody: Sendable {
    /// A file of a form.
    public struct File: Sendable {
        /// The name of the form field.
        public let field: String
        /// The file name, made safe.
        public let name: String
        /// What the sender says it is; empty when nothing was said.
        public let mediaType: String
        /// The content.
        public let bytes: [UInt8]
    }

    private var texts: [String: String] = [:]
    /// The files; an input without a file chosen sends none.
    public private(set) var files: [File] = []

    /// The most fields of a form.
    static let fieldLimit = 200

    /// Reads a request's body: `multipart/form-data` or `application/x-www-form-urlencoded`.
    ///
    /// - Throws: `mime.*`; `form.content_type` as a ``MIMEError`` has no factory for it elsewhere.
    public init(_ request: HTTPRequest) throws {
        let type = request.headers["Content-Type"] ?? ""
        if ContentType(type)?.essence == "multipart/form-data" {
            for part in try MultipartForm(parsing: request.body, contentType: type).parts {
                if let name = part.filename {
                    guard !part.bytes.isEmpty || name != FileName.fallback else { continue }
                    files.append(File(field: part.name, name: name, mediaType: part.contentType ?? "", bytes: part.bytes))
                } else {
                    keep(part.name, String(decoding: part.bytes, as: UTF8.self))
                }
            }
        } else {
            let limits = MIMELimits(maxBytes: 1 << 20, maxFields: FormBody.fieldLimit)
            for field in try URLEncodedForm(parsing: request.body, limits: limits).fields { keep(field.name, field.value) }
        }
    }

    private mutating func keep(_ name: String, _ value: String) { if texts[name] == nil { texts[name] = value } }

    /// A field's text without spaces around it and with plain line ends; empty when it was not sent.
    public subscript(_ name: String) -> String { FormBody.trimmed(texts[name] ?? "") }

    /// A field's text exactly as it was sent; empty when it was not.
    public func raw(_ name: String) -> String { texts[name] ?? "" }

    /// A text without spaces around it and with plain line ends.
    public static func trimmed(_ text: String) -> String {
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n")
        var rest = Substring(lines)
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
