/// Named values in the order in which they were given.
///
/// Look-up is linear: maps here are field values and keyword arguments, a few dozen members at most.
public struct ValueMap: Sendable, Hashable {
    /// One named value.
    public struct Entry: Sendable, Hashable {
        /// The member's name.
        public var name: String
        /// The member's value.
        public var value: Value

        /// Names a value.
        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// The members in order.
    public var entries: [Entry]

    /// An empty map.
    public init() { entries = [] }

    /// A map of the pairs, in order.
    public init(_ pairs: [(String, Value)]) { entries = pairs.map { Entry($0.0, $0.1) } }

    /// The last value under a name; setting replaces it, appends it, or with nil removes it.
    public subscript(_ name: String) -> Value? {
        get { entries.last { $0.name == name }?.value }
        set {
            let place = entries.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append(Entry(name, value))
            case (nil, nil): break
            }
        }
    }

    /// The names in order.
    public var names: [String] { entries.map(\.name) }

    /// Whether there are no members.
    public var isEmpty: Bool { entries.isEmpty }

    /// This map with another's members over it.
    public func merging(_ other: ValueMap) -> ValueMap {
        var merged = self
        for entry in other.entries { merged[entry.name] = entry.value }
        return merged
    }
}

extension ValueMap: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }
}
