/// Splits encoded text at a delimiter, whether that is ASCII (always, in practice) or a Latin-1 character.
enum HL7Split {
    static func split(_ text: Substring, at delimiter: UInt8) -> [Substring] {
        if delimiter < 0x80 {
            return text.utf8.split(separator: delimiter, omittingEmptySubsequences: false).map { Substring($0) }
        }
        let scalar = Unicode.Scalar(delimiter)
        return text.unicodeScalars.split(separator: scalar, omittingEmptySubsequences: false).map { Substring($0) }
    }

    /// The part with an index counted from 0, or an empty text.
    static func part(_ index: Int, of text: Substring, at delimiter: UInt8) -> Substring {
        guard index >= 0 else { return "" }
        guard delimiter < 0x80 else {
            let parts = split(text, at: delimiter)
            return index < parts.count ? parts[index] : ""
        }
        var start = text.utf8.startIndex
        for _ in 0..<index {
            guard let next = text.utf8[start...].firstIndex(of: delimiter) else { return "" }
            start = text.utf8.index(after: next)
        }
        let end = text.utf8[start...].firstIndex(of: delimiter) ?? text.utf8.endIndex
        return text[start..<end]
    }

    /// `text` with the part at `index` (counted from 0) replaced, lengthened by empty parts where needed.
    static func replacing(_ index: Int, of text: Substring, at delimiter: UInt8, with part: (Substring) -> String) -> String {
        var parts = text.isEmpty ? [] : split(text, at: delimiter)
        while parts.count <= index { parts.append("") }
        parts[index] = part(parts[index])[...]
        return join(parts, with: delimiter)
    }

    /// Joins the parts and leaves out empty ones at the end.
    static func join(_ parts: [Substring], with delimiter: UInt8) -> String {
        let last = parts.lastIndex { !$0.isEmpty } ?? -1
        return parts[...last].joined(separator: String(Character(Unicode.Scalar(delimiter))))
    }
}
