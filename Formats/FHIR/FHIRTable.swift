import Foundation

/// A text table with an index of where each name's lines lie.
struct FHIRTable: Sendable {
    /// How a table is divided.
    enum Style {
        /// `#name …` opens a block of lines.
        case blocks
        /// Each line begins with its name.
        case lines
    }

    private let bytes: [UInt8]
    private let places: [String: Range<Int>]
    /// What stands before the first block, without its first character and without the line's end.
    let heading: String

    init(_ data: Data, style: Style) {
        bytes = [UInt8](data)
        let starts = FHIRTable.starts(bytes, style)
        var places: [String: Range<Int>] = [:]
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] : bytes.count
            let first = style == .blocks ? start + 1 : start
            let name = bytes[first..<end].prefix { $0 != 0x20 && $0 != 0x0A && $0 != UInt8(ascii: "!") }
            places[String(decoding: name, as: UTF8.self)] = start..<end
        }
        self.places = places
        heading = String(decoding: bytes.prefix(starts.first ?? 0).dropFirst().prefix { $0 != 0x0A }, as: UTF8.self)
    }

    var names: [String] { Array(places.keys) }

    /// The lines of a block without its heading, or the one line of that name.
    func lines(_ name: String) -> [Substring] {
        guard let place = places[name] else { return [] }
        let lines = String(decoding: bytes[place], as: UTF8.self).split(separator: "\n")
        return lines.first?.hasPrefix("#") == true ? Array(lines.dropFirst()) : lines
    }

    /// What the first line of a type's block says: `#Element! -`, `#Task DomainResource`.
    func heading(of name: String) -> (parent: String?, isAbstract: Bool)? {
        guard let place = places[name] else { return nil }
        let line = String(decoding: bytes[place].prefix { $0 != 0x0A }, as: UTF8.self)
        let words = line.split(separator: " ")
        precondition(words.count == 2, "types.txt: not a heading: \(line)")
        return (words[1] == "-" ? nil : String(words[1]), words[0].hasSuffix("!"))
    }

    private static func starts(_ bytes: [UInt8], _ style: Style) -> [Int] {
        var starts: [Int] = []
        var isLineStart = true
        for (index, byte) in bytes.enumerated() {
            if isLineStart, style == .lines || byte == UInt8(ascii: "#") { starts.append(index) }
            isLineStart = byte == 0x0A
        }
        return starts
    }
}
