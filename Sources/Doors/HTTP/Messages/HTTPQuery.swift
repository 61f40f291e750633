/// The items of a query or of an `application/x-www-form-urlencoded` body, in order.
///
/// Source: WHATWG *URL Standard*, section 5.1.
public struct HTTPQuery: Sendable {
    /// One `name=value`.
    public struct Item: Sendable, Equatable {
        /// The decoded name.
        public let name: String
        /// The decoded value; empty without `=`.
        public let value: String
    }

    /// All items; at most 1,000, further ones are dropped.
    public let items: [Item]

    /// The greatest number of items that are read.
    public static let maxItems = 1_000

    /// Parses `text`; malformed escapes stay as they are, invalid UTF-8 is replaced.
    public init(_ text: String) {
        items = text.utf8.split(separator: UInt8(ascii: "&"), maxSplits: Self.maxItems).prefix(Self.maxItems).map { part in
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return Item(name: PercentCoding.decodeForm(halves[0]), value: halves.count > 1 ? PercentCoding.decodeForm(halves[1]) : "")
        }
    }

    /// The first value of `name`.
    public subscript(_ name: String) -> String? { items.first { $0.name == name }?.value }

    /// Every value of `name`, in order.
    public func values(_ name: String) -> [String] { items.compactMap { $0.name == name ? $0.value : nil } }
}
