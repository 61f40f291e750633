import JSON

/// The primitive types of FHIR R4, each with the format that the specification demands.
///
/// Source: FHIR R4, “Data Types”, section “Primitive Types”.
enum FHIRPrimitive: String, Sendable, CaseIterable {
    case boolean, integer, unsignedInt, positiveInt, decimal
    case string, markdown, code, id, uri, url, canonical, oid, uuid
    case base64Binary, date, dateTime, instant, time, xhtml

    /// Which kind of JSON value carries the type.
    enum Carrier: String { case boolean, number, string }

    var carrier: Carrier {
        switch self {
        case .boolean: .boolean
        case .integer, .unsignedInt, .positiveInt, .decimal: .number
        default: .string
        }
    }

    /// What a correct value looks like, to end the sentence “must be …”.
    var wanted: String {
        switch self {
        case .boolean: "true or false"
        case .integer: "a whole number of 32 bits"
        case .unsignedInt: "a whole number from 0 to 2147483647"
        case .positiveInt: "a whole number from 1 to 2147483647"
        case .decimal: "a number"
        case .string, .markdown: "text that is not blank and has no control characters"
        case .code: "a code without leading, trailing or double spaces"
        case .id: "1 to 64 letters, digits, hyphens and dots"
        case .uri, .url, .canonical: "an address without white space"
        case .oid: "an OID such as urn:oid:1.2.3"
        case .uuid: "a UUID such as urn:uuid:c757873d-ec9a-4326-a141-556f43239520"
        case .base64Binary: "base64"
        case .date: "a date such as 2026, 2026-11 or 2026-11-20"
        case .dateTime: "a date, or a date and time with zone such as 2026-11-20T10:30:00Z"
        case .instant: "a date and time with seconds and zone such as 2026-11-20T10:30:00Z"
        case .time: "a time such as 10:30:00"
        case .xhtml: "well-formed XHTML in one div element, of formatting elements only"
        }
    }

    /// Whether a value of the right carrier is well formed.
    func accepts(_ value: JSON) -> Bool {
        switch value {
        case .bool: self == .boolean
        case .int(let number): accepts(number)
        case .double, .number: self == .decimal
        case .string(let text): accepts(text)
        default: false
        }
    }

    private func accepts(_ number: Int64) -> Bool {
        switch self {
        case .decimal: true
        case .integer: Int32(exactly: number) != nil
        case .unsignedInt: (0...Int64(Int32.max)).contains(number)
        case .positiveInt: (1...Int64(Int32.max)).contains(number)
        default: false
        }
    }

    private func accepts(_ text: String) -> Bool {
        switch self {
        case .string, .markdown: FHIRText.isString(text)
        case .code: FHIRText.isCode(text)
        case .id: FHIRText.isId(text)
        case .uri, .url, .canonical: FHIRText.isAddress(text)
        case .oid: FHIRText.isOID(text)
        case .uuid: FHIRText.isUUID(text)
        case .base64Binary: FHIRText.isBase64(text)
        case .date: FHIRDateTime(text).map { $0.precision <= .day } ?? false
        case .dateTime: FHIRDateTime(text).map { $0.precision != .minute } ?? false
        case .instant: FHIRDateTime(text)?.precision == .second
        case .time: FHIRTime(text) != nil
        case .xhtml: XHTMLChecker.isDivision(text)
        case .boolean, .integer, .unsignedInt, .positiveInt, .decimal: false
        }
    }
}
