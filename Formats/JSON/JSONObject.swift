/// The members of a JSON object, in the order written.
///
/// Lookup walks the members, which is faster than hashing for the few dozen that objects have. Text may hold a key
/// twice; both members are kept and the last one answers.
public struct JSONObject: Sendable, Hashable {
    /// One key with its value.
    public struct Member: Sendable, Hashable {
        /// The member's name.
        public var key: String
        /// The member's value.
        public var value: JSON

        /// A member from its two halves.
        @inlinable
        public init(key: String, value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// All members, in order.
    public var members: [Member]

    /// An object with these members, in this order.
    @inlinable
    public init(_ members: [Member] = []) { self.members = members }

    /// All keys, in order.
    public var keys: [String] { members.map(\.key) }

    /// How many members there are.
    @inlinable public var count: Int { members.count }

    /// Whether there is no member.
    @inlinable public var isEmpty: Bool { members.isEmpty }

    /// The value of a key: the last one when the text held it twice.
    ///
    /// Setting replaces the value in place, or appends a member; setting nil removes it. After either the key
    /// stands at most once, so that no reader can see an older value.
    public subscript(_ key: String) -> JSON? {
        get { members.last { $0.key == key }?.value }
        set {
            guard let newValue else { return members.removeAll { $0.key == key } }
            guard let last = members.lastIndex(where: { $0.key == key }) else {
                return members.append(Member(key: key, value: newValue))
            }
            members[last].value = newValue
            if let first = members.firstIndex(where: { $0.key == key }), first < last { removeDuplicates(of: key, before: last) }
        }
    }

    private mutating func removeDuplicates(of key: String, before last: Int) {
        let earlier = members[..<last].filter { $0.key != key }
        members.replaceSubrange(..<last, with: earlier)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// An object with its members in the order written.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements.map { Member(key: $0.0, value: $0.1) })
    }
}
