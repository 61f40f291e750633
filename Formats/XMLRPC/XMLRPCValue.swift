/// One XML-RPC value.
///
/// Source: Dave Winer, *XML-RPC Specification*, with the common extensions `nil` and `i8`.
public enum XMLRPCValue: Sendable, Hashable {
    case `nil`
    case bool(Bool)
    /// From `int`, `i4` or `i8`; written as `int` when it fits 32 bits, else as `i8`.
    case int(Int64)
    /// Finite; XML-RPC has no other.
    case double(Double)
    case string(String)
    case base64([UInt8])
    /// The text of `dateTime.iso8601`, for example `20260301T09:30:00`; it has no time zone and is not interpreted here.
    case dateTime(String)
    case array([XMLRPCValue])
    case structure(XMLRPCStructure)
}

/// The members of an XML-RPC `struct`, in the order written.
///
/// A name may stand twice; both members are kept and the last one answers.
public struct XMLRPCStructure: Sendable, Hashable {
    /// One name with its value.
    public struct Member: Sendable, Hashable {
        /// The member's name.
        public var name: String
        /// The member's value.
        public var value: XMLRPCValue

        /// A member from its two halves.
        public init(name: String, value: XMLRPCValue) {
            self.name = name
            self.value = value
        }
    }

    /// All members, in order.
    public var members: [Member]

    /// A structure with these members, in this order.
    public init(_ members: [Member] = []) { self.members = members }

    /// The value of a name, the last one when the text held it twice; nil when there is none.
    public subscript(_ name: String) -> XMLRPCValue? { members.last { $0.name == name }?.value }
}

extension XMLRPCStructure: ExpressibleByDictionaryLiteral {
    /// A structure with its members in the order written.
    public init(dictionaryLiteral elements: (String, XMLRPCValue)...) {
        self.init(elements.map { Member(name: $0.0, value: $0.1) })
    }
}
