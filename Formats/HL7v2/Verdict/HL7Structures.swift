/// Finds the structure of a message, HL7 table 0354.
struct HL7Structures: Sendable {
    static let standard = HL7Structures()

    private var shared: [String: [(versions: ClosedRange<Int>, structure: String)]] = [:]
    private var own: [String: [ClosedRange<Int>]] = [:]

    private init() {
        for line in HL7StructureFacts.events.split(separator: "\n") {
            let (name, versions, events) = Self.read(line)
            for event in events {
                let whole = event.contains("_") ? String(event) : name.prefix(3) + "_" + event
                shared[whole, default: []].append((versions, String(name)))
            }
        }
        for line in HL7StructureFacts.structures.split(separator: "\n") {
            let (code, versions, events) = Self.read(line)
            for event in events.isEmpty ? [""] : events {
                own[event.isEmpty ? String(code) : code + "_" + event, default: []].append(versions)
            }
        }
    }

    /// What MSH-9 says: the structure's name, and whether it is written there rather than made of code and event.
    ///
    /// Shape: three components name it themselves; `ACK` is one; two are code and event. Fewer say too little.
    static func declared(_ type: HL7Field) -> (name: String, isExplicit: Bool)? {
        var parts = HL7Split.split(type.encoded[...], at: type.delimiters.component).map { String($0) }
        if parts.last?.isEmpty == true { parts.removeLast() }
        if parts.count >= 3 { return (parts[2], true) }
        if parts.first == "ACK" { return ("ACK", true) }
        return parts.count == 2 ? (parts[0] + "_" + parts[1], false) : nil
    }

    /// The structure that the version has for a declared name; `nil` when it has none.
    func structure(_ declared: (name: String, isExplicit: Bool), in version: HL7Version) -> String? {
        if !declared.isExplicit, let match = shared[declared.name]?.first(where: { $0.versions.contains(version.rank) }) {
            return match.structure
        }
        if declared.name == "ACK" { return "ACK" }
        if version < .v24 { return Self.looksDefined(declared.name) ? declared.name : nil }
        let exists = own[declared.name]?.contains { $0.contains(version.rank) } ?? false
        return exists ? declared.name : nil
    }

    private static func looksDefined(_ name: String) -> Bool {
        let parts = name.split(separator: "_", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { $0.count == 3 } && parts[1].first != "Z"
    }

    private static func read(_ line: Substring) -> (name: Substring, versions: ClosedRange<Int>, events: [Substring]) {
        let halves = line.split(separator: "|", omittingEmptySubsequences: false)
        let head = halves[0].split(separator: " ")
        return (head[0], HL7Facts.range(head[1]), halves[1].split(separator: " "))
    }
}
