/// The fields of an `application/x-www-form-urlencoded` body or of an URL's query.
///
/// Source: WHATWG *URL*, “application/x-www-form-urlencoded”; stricter in that a broken escape or text that is not
/// UTF-8 is refused.
public struct URLEncodedForm: Sendable, Hashable {
    /// One name with its value.
    public struct Field: Sendable, Hashable {
        /// The field's name.
        public var name: String
        /// The field's value; empty when none was sent.
        public var value: String

        /// A field from its two halves.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// All fields, in order.
    public var fields: [Field]

    /// The value of the first field of that name.
    public subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The values of all fields of that name, in order.
    public func values(_ name: String) -> [String] { fields.compactMap { $0.name == name ? $0.value : nil } }

    /// A form from its fields.
    public init(_ fields: [Field] = []) { self.fields = fields }

    /// Reads a body or a query without its question mark.
    ///
    /// - Throws: `mime.too_large`, `mime.too_many_fields`, `mime.escape`, `mime.encoding`.
    public init(parsing bytes: [UInt8], limits: MIMELimits = .default) throws(MIMEError) {
        guard bytes.count <= limits.maxBytes else { throw .tooLarge(limits.maxBytes) }
        fields = []
        for piece in bytes.split(separator: UInt8(ascii: "&"), maxSplits: limits.maxFields) {
            guard fields.count < limits.maxFields else { throw .tooManyFields(limits.maxFields) }
            let equals = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.endIndex
            let name = try PercentEncoding.decoded(bytes: piece[..<equals], plusIsSpace: true)
            let value = try PercentEncoding.decoded(bytes: piece[equals...].dropFirst(), plusIsSpace: true)
            fields.append(Field(name: name, value: value))
        }
    }

    /// Reads the same from a string.
    public init(parsing text: String, limits: MIMELimits = .default) throws(MIMEError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// The fields as ASCII, joined by `&`, spaces as `+`.
    public func serialized() -> [UInt8] {
        var result: [UInt8] = []
        for field in fields {
            if !result.isEmpty { result.append(UInt8(ascii: "&")) }
            PercentEncoding.append(field.name, to: &result, keeping: "*-._", spaceAsPlus: true)
            result.append(UInt8(ascii: "="))
            PercentEncoding.append(field.value, to: &result, keeping: "*-._", spaceAsPlus: true)
        }
        return result
    }
}
