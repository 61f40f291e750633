/// Why a body is not an acceptable form; it never quotes the body.
public struct MIMEError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable code, for example `mime.malformed`.
    public let code: String
    /// A sentence that says what is wrong and what to do.
    public let what: String

    /// The code and the sentence, in one line.
    public var description: String { "\(code): \(what)" }
}

extension MIMEError {
    static func tooLarge(_ limit: Int) -> MIMEError {
        MIMEError(code: "mime.too_large", what: "The body is larger than \(limit) bytes. Send less at once.")
    }

    static func tooManyParts(_ limit: Int) -> MIMEError {
        MIMEError(code: "mime.too_many_parts", what: "The body has more than \(limit) parts. Send fewer at once.")
    }

    static func headersTooLarge(_ limit: Int) -> MIMEError {
        MIMEError(code: "mime.headers_too_large", what: "A part's headers have more than \(limit) bytes. Shorten them.")
    }

    static func tooManyFields(_ limit: Int) -> MIMEError {
        MIMEError(code: "mime.too_many_fields", what: "The form has more than \(limit) fields. Send fewer at once.")
    }

    static var contentType: MIMEError {
        MIMEError(
            code: "mime.content_type",
            what: "The content type must be multipart/form-data with a boundary of at most \(MIMELimits.maxBoundaryBytes) characters.")
    }

    static func malformed(_ what: String) -> MIMEError { MIMEError(code: "mime.malformed", what: what) }

    static var encoding: MIMEError {
        MIMEError(code: "mime.encoding", what: "A name or value is not valid UTF-8. Encode it as UTF-8.")
    }

    static var escape: MIMEError {
        MIMEError(code: "mime.escape", what: "A percent sign must be followed by two hexadecimal digits. Write %25 for the sign itself.")
    }
}
