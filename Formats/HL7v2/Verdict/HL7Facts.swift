/// The facts tables in a form that answers quickly; read once, when the first verdict is asked for.
struct HL7Facts: Sendable {
    /// A segment or a composite type: for each of its parts the data types that it has had.
    struct Layout: Sendable {
        let versions: ClosedRange<Int>
        let parts: [[Change]]

        /// The type of a part, counted from 1; `nil` where it is not defined or varies.
        func type(_ part: Int, in version: Int) -> Int? {
            guard part >= 1, part <= parts.count, versions.contains(version) else { return nil }
            return parts[part - 1].last { $0.since <= version }?.type
        }
    }

    /// From version `since` on a part has this type; `nil` is none in particular.
    struct Change: Sendable {
        let since: Int
        let type: Int?
    }

    static let standard = HL7Facts()

    private var numbers: [String: Int] = [:]
    private(set) var rules: [HL7Rule] = []
    private(set) var layouts: [Layout?] = []
    private(set) var segments: [String: Layout] = [:]
    private var versions: [Int: ClosedRange<Int>] = [:]

    private init() {
        for line in Self.split(HL7TypeFacts.table[...], "\n") {
            let (name, layout) = read(line)
            let type = number(of: name)
            versions[type] = layout.versions
            layouts[type] = layout.parts.isEmpty ? nil : layout
        }
        for table in [HL7SegmentFacts.aToM, HL7SegmentFacts.nToZ] {
            for line in Self.split(table[...], "\n") {
                let (name, layout) = read(line)
                segments[name] = layout
            }
        }
    }

    /// The type of this name, when the version knows it.
    func type(named name: String, in version: Int) -> Int? {
        guard let type = numbers[name], versions[type]?.contains(version) == true else { return nil }
        return type
    }

    /// The type of a part of a type: a primitive is its own first part.
    func part(_ part: Int, of type: Int, in version: Int) -> Int? {
        guard let layout = layouts[type] else { return part == 1 ? type : nil }
        return layout.type(part, in: version)
    }

    /// The rule for a value of this type: that of its first part's first part, down to a primitive.
    func rule(of type: Int, in version: Int) -> HL7Rule {
        var type = type
        while let layout = layouts[type] {
            guard let first = layout.type(1, in: version) else { return .free }
            type = first
        }
        return rules[type]
    }

    private mutating func number(of name: String) -> Int {
        if let number = numbers[name] { return number }
        let number = rules.count
        numbers[name] = number
        rules.append(HL7Rule(type: name))
        layouts.append(nil)
        return number
    }

    private mutating func read(_ line: Substring) -> (String, Layout) {
        let words = Self.split(line, " ")
        let head = Self.split(words[0], "[")
        let range = head.count > 1 ? Self.range(head[1].dropLast()) : 0...HL7Version.last
        var parts: [[Change]] = []
        for word in words.dropFirst() {
            let pieces = Self.split(word, "*")
            let changes = Self.split(pieces[0], ",").map { change($0, range.lowerBound) }
            let times = pieces.count > 1 ? Int(pieces[1]) ?? 1 : 1
            for _ in 0..<times { parts.append(changes) }
        }
        return (String(head[0]), Layout(versions: range, parts: parts))
    }

    private mutating func change(_ word: Substring, _ first: Int) -> Change {
        var name = word
        var since = first
        if let letter = word.utf8.first, letter >= UInt8(ascii: "a") {
            since = Self.rank(letter)
            name = word.dropFirst()
        }
        return Change(since: since, type: name == "." || name == "V" ? nil : number(of: String(name)))
    }

    /// Reads `c` (from there on) or `c-e`.
    static func range(_ text: Substring) -> ClosedRange<Int> {
        let letters = text.utf8.filter { $0 >= UInt8(ascii: "a") }.map(rank)
        let first = letters.first ?? 0
        return first...max(first, letters.count > 1 ? letters[1] : HL7Version.last)
    }

    private static func split(_ text: Substring, _ mark: Unicode.Scalar) -> [Substring] {
        HL7Split.split(text, at: UInt8(ascii: mark))
    }

    private static func rank(_ letter: UInt8) -> Int { Int(letter) - Int(UInt8(ascii: "a")) }
}
