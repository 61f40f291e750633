import JSON

/// Builds a value from events.
struct YAMLBuilder: ~Copyable {
    /// A value with what it costs to repeat it.
    struct Node {
        var value: JSON
        /// One for each node and for each byte of scalars.
        var weight: Int
        /// How many levels of sequences and mappings it holds.
        var height: Int
    }

    private var events: YAMLEvents
    private let limits: YAMLLimits
    private let numbers: JSONNumbers
    private let maxDepth: Int
    private var anchors: [String: Node] = [:]
    private var aliases = 0
    private var weight = 0

    init(events: consuming YAMLEvents, limits: YAMLLimits, numbers: JSONNumbers) {
        self.events = events
        self.limits = limits
        self.numbers = numbers
        self.maxDepth = min(limits.maxDepth, YAMLLimits.deepest)
    }

    mutating func document() throws(YAMLError) -> JSON {
        _ = try events.next()
        let start = try events.next()
        guard case .documentStart(let hasTagDirectives) = start.kind else { throw .empty }
        if hasTagDirectives { throw .tag(at: start.place) }
        let node = try node(try events.next(), depth: 0)
        _ = try events.next()
        let end = try events.next()
        guard case .streamEnd = end.kind else { throw .severalDocuments(at: end.place) }
        return node.value
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> Node {
        switch event.kind {
        case .alias(let name): return try repeated(name, depth: depth, at: event.place)
        case .scalar(let scalar, let anchor):
            let value = try scalar.value(numbers: numbers, at: event.place)
            return remember(Node(value: value, weight: scalar.text.utf8.count + 1, height: 0), anchor)
        case .sequenceStart(let tag, let anchor):
            try check(tag, is: "seq", depth: depth, at: event.place)
            return remember(try sequence(depth: depth + 1), anchor)
        case .mappingStart(let tag, let anchor):
            try check(tag, is: "map", depth: depth, at: event.place)
            return remember(try mapping(depth: depth + 1), anchor)
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            throw .syntax("a value is missing", at: event.place)
        }
    }

    private func check(_ tag: String?, is name: String, depth: Int, at place: YAMLPlace) throws(YAMLError) {
        guard tag == nil || tag == "!" || tag == YAMLScalar.tagPrefix + name else { throw .tag(at: place) }
        guard depth < maxDepth else { throw .tooDeep(maxDepth, at: place) }
    }

    private mutating func remember(_ node: Node, _ anchor: String?) -> Node {
        if let anchor { anchors[anchor] = node }
        return node
    }

    /// The value of an alias; all repetitions together may not exceed the limit, however they are nested.
    private mutating func repeated(_ name: String, depth: Int, at place: YAMLPlace) throws(YAMLError) -> Node {
        aliases += 1
        guard aliases <= limits.maxAliases else { throw .tooManyAliases(limits.maxAliases, at: place) }
        guard let node = anchors[name] else { throw .unknownAlias(at: place) }
        guard depth + node.height <= maxDepth else { throw .tooDeep(maxDepth, at: place) }
        weight += node.weight
        guard weight <= limits.maxExpandedBytes else { throw .expandsTooFar(at: place) }
        return node
    }

    private mutating func sequence(depth: Int) throws(YAMLError) -> Node {
        var elements: [JSON] = []
        var whole = Node(value: .null, weight: 1, height: 1)
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind { break }
            let element = try node(event, depth: depth)
            elements.append(element.value)
            whole.grow(by: element)
        }
        whole.value = .array(elements)
        return whole
    }

    private mutating func mapping(depth: Int) throws(YAMLError) -> Node {
        var members: [JSONObject.Member] = []
        var keys: Set<String> = []
        var whole = Node(value: .null, weight: 1, height: 1)
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind { break }
            let key = try YAMLBuilder.key(event)
            guard keys.insert(key).inserted else { throw .duplicateKey(at: event.place) }
            let value = try node(try events.next(), depth: depth)
            members.append(JSONObject.Member(key: key, value: value.value))
            whole.grow(by: value)
            whole.weight += key.utf8.count + 1
        }
        whole.value = .object(JSONObject(members))
        return whole
    }

    private static func key(_ event: YAMLEvent) throws(YAMLError) -> String {
        guard case .scalar(let scalar, nil) = event.kind else {
            throw .badKey("A key must be a scalar without an anchor. Write the text itself.", at: event.place)
        }
        guard scalar.tag == nil || scalar.isText else { throw .tag(at: event.place) }
        if scalar.isPlain, scalar.text == "<<" { throw .badKey("Merge keys are not known. Write the members out.", at: event.place) }
        guard !scalar.isNull else { throw .badKey("A key must not be null. Put quotes around it.", at: event.place) }
        return scalar.text
    }
}

extension YAMLBuilder.Node {
    fileprivate mutating func grow(by inner: YAMLBuilder.Node) {
        // The sum stays far from overflow: it is checked against the limit whenever an alias repeats it.
        weight += inner.weight
        height = max(height, inner.height + 1)
    }
}
