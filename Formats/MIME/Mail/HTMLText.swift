/// HTML as plain text, for the text part of a mail.
public enum HTMLText {
    private static let entities: [String: String] = [
        "lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'", "nbsp": " ",
    ]
    private static let lineTags: Set<String> = ["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "table", "ul", "ol"]

    /// The text without tags: blocks and breaks become lines, entities their characters.
    public static func plain(_ html: String) -> String {
        var text = ""
        var rest = html[...]
        while let character = rest.popFirst() {
            switch character {
            case "<": endTag(&rest, &text)
            case "&": text += entity(&rest)
            case "\n", "\r\n", "\r", "\t": if text.last != " ", text.last != "\n" { text += " " }
            default: text.append(character)
            }
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true).map { line -> Substring in
            var line = line.drop { $0 == " " }
            while line.last == " " { line.removeLast() }
            return line
        }
        return lines.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func endTag(_ rest: inout Substring, _ text: inout String) {
        let name = rest.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }.lowercased()
        rest = rest.drop { $0 != ">" }.dropFirst()
        guard lineTags.contains(name) else { return }
        if !text.isEmpty, text.last != "\n" { text += "\n" }
    }

    private static func entity(_ rest: inout Substring) -> String {
        let name = rest.prefix(10).prefix { $0 != ";" }
        guard name.count < 10, rest.dropFirst(name.count).first == ";" else { return "&" }
        let character: String?
        if name.hasPrefix("#x") || name.hasPrefix("#X") {
            character = UInt32(name.dropFirst(2), radix: 16).flatMap(UnicodeScalar.init).map { String($0) }
        } else if name.hasPrefix("#") {
            character = UInt32(name.dropFirst()).flatMap(UnicodeScalar.init).map { String($0) }
        } else {
            character = entities[String(name)]
        }
        guard let character else { return "&" }
        rest = rest.dropFirst(name.count + 1)
        return character
    }
}
