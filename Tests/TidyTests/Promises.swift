/// What a type promises by its protocols: a member that keeps such a promise has its documentation there.
///
/// Shape: protocols with the names of their requirements, and types with the protocols that they are declared to keep, over the
/// whole product, by name. Limits: two types of one name count as one.
struct Promises {
    /// A type's braces in one file.
    struct Scope {
        let type: String
        let isModel: Bool
        let range: Range<Int>
    }

    private var requirements: [String: Set<String>] = [
        "CustomStringConvertible": ["description"], "CustomDebugStringConvertible": ["debugDescription"], "Comparable": ["<"],
        "Equatable": ["=="],
        "Hashable": ["==", "hash"], "Identifiable": ["id", "ID"], "RawRepresentable": ["rawValue", "init"], "CaseIterable": ["allCases"],
        "Encodable": ["encode"], "Decodable": ["init"], "Codable": ["encode", "init"], "LocalizedError": ["errorDescription"],
        "IteratorProtocol": ["next"], "Sequence": ["makeIterator"],
        "RandomAccessCollection": ["startIndex", "endIndex", "subscript", "index"],
        "Collection": ["startIndex", "endIndex", "subscript", "index"],
    ]
    private var kept: [String: Set<String>] = [:]

    init(_ files: [ScannedFile]) {
        for file in files {
            for declaration in Self.declarations(in: file) {
                kept[declaration.name, default: []].formUnion(declaration.keeps)
                guard declaration.keyword == "protocol" else { continue }
                kept[declaration.name, default: []].insert(declaration.name)
                requirements[declaration.name, default: []].formUnion(Self.members(in: file, declaration.body))
            }
        }
    }

    /// The types whose braces a file opens.
    func scopes(in file: ScannedFile) -> [Scope] {
        Self.declarations(in: file).map { declaration in
            let names = protocols(of: declaration.name)
            return Scope(
                type: declaration.name, isModel: names.contains("Model") || names.contains("ModelExtension"), range: declaration.body)
        }
    }

    /// Whether a member of that name is asked for by a protocol that the type keeps.
    func isPromised(_ member: String, by type: String) -> Bool {
        protocols(of: type).contains { name in
            requirements[name]?.contains(member) == true || name.hasPrefix("ExpressibleBy") && member == "init"
        }
    }

    private func protocols(of type: String) -> Set<String> {
        var found: Set<String> = []
        var waiting = Array(kept[type] ?? [])
        while let next = waiting.popLast() {
            if found.insert(next).inserted { waiting += kept[next] ?? [] }
        }
        return found
    }

    private struct Declaration {
        let keyword: String
        let name: String
        let keeps: [String]
        let body: Range<Int>
    }

    /// Types, extensions and protocols, by a walk over the braces.
    private static func declarations(in file: ScannedFile) -> [Declaration] {
        var found: [Declaration] = []
        var open: [(at: Int, header: (keyword: String, name: String, keeps: [String])?)] = []
        var headerStart = 0
        for (position, byte) in file.code.enumerated() {
            switch byte {
            case UInt8(ascii: "{"):
                open.append((position, header(String(decoding: file.code[headerStart..<position], as: UTF8.self))))
                headerStart = position + 1
            case UInt8(ascii: "}"):
                if let last = open.popLast(), let header = last.header {
                    found.append(Declaration(keyword: header.keyword, name: header.name, keeps: header.keeps, body: last.at..<position))
                }
                headerStart = position + 1
            case UInt8(ascii: ";"): headerStart = position + 1
            default: break
            }
        }
        return found
    }

    private static func header(_ text: String) -> (keyword: String, name: String, keeps: [String])? {
        let kinds = ["struct ", "class ", "enum ", "extension ", "actor ", "protocol "]
        guard kinds.contains(where: text.contains),
            let match = text.firstMatch(
                of: #/(?:^|\s)(struct|class|enum|extension|actor|protocol)\s+((?:\w+\.)*\w+)(?:<[^{]*?>)?\s*(?::([^{]*))?$/#)
        else { return nil }
        let name = match.2.split(separator: ".").last.map(String.init) ?? String(match.2)
        let list = (match.3 ?? "").split(separator: " where ").first ?? ""
        return (
            String(match.1), name, list.split { ",&".contains($0) }.map { $0.trimmed.split(separator: " ").last.map(String.init) ?? "" }
        )
    }

    private static func members(in file: ScannedFile, _ body: Range<Int>) -> [String] {
        String(decoding: file.code[body], as: UTF8.self).split(separator: "\n").compactMap { memberName(String($0)) }
    }

    /// The name that a line declares: `title` of `static var title: String`, `init` of an initialiser.
    static func memberName(_ line: String) -> String? {
        if let match = line.firstMatch(of: #/\b(?:func|var|let|typealias|associatedtype|case)\s+`?([^\s(:<`=]+|[<=>+\-*\/]+)/#) {
            return String(match.1)
        }
        return line.firstMatch(of: #/\b(init|subscript)[(<?]/#).map { String($0.1) }
    }
}
