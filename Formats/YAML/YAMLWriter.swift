import JSON

extension YAML {
    /// Writes a value as block YAML that `parse` reads back as the same value.
    ///
    /// Texts that would read as something else are quoted; texts of several lines stand in quotes with `\n`, so that no space is lost.
    public static func write(_ json: JSON) -> String {
        var writer = YAMLWriter()
        writer.block(json, indent: 0, isInline: false)
        return writer.text
    }
}

/// Puts values into lines.
private struct YAMLWriter {
    var text = ""

    /// Writes a value; `isInline` when something stands on the line already.
    mutating func block(_ json: JSON, indent: Int, isInline: Bool) {
        switch json {
        case .object(let object) where !object.isEmpty:
            if isInline { text += "\n" }
            for member in object.members {
                pad(indent)
                text += YAMLWriter.scalar(member.key) + ":"
                value(member.value, indent: indent + 2)
            }
        case .array(let elements) where !elements.isEmpty:
            if isInline { text += "\n" }
            for element in elements {
                pad(indent)
                text += "-"
                value(element, indent: indent + 2)
            }
        default:
            text += (isInline ? " " : "") + YAMLWriter.scalar(json) + "\n"
        }
    }

    private mutating func value(_ json: JSON, indent: Int) { block(json, indent: indent, isInline: true) }

    private mutating func pad(_ indent: Int) { text += String(repeating: " ", count: indent) }

    private static func scalar(_ json: JSON) -> String {
        if case .string(let text) = json { return scalar(text) }
        return json.text()
    }

    /// A text without quotes where it can only be read as text, else as JSON, which YAML reads too.
    private static func scalar(_ text: String) -> String { isPlain(text) ? text : JSON.string(text).text() }

    private static let first = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    private static let rest = first.union(Set("0123456789 _-./()%+=".utf8))
    private static let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]

    private static func isPlain(_ text: String) -> Bool {
        guard let head = text.utf8.first, first.contains(head), text.utf8.last != UInt8(ascii: " ") else { return false }
        return text.utf8.allSatisfy(rest.contains) && !words.contains(text.lowercased())
    }
}
