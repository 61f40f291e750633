extension Value {
    /// The most characters of a value that an error shows.
    static let literalLimit = 300

    /// The value as Python writes it, for errors that clients of Odoo know; long ones are cut off.
    var literal: String {
        var text = ""
        writeLiteral(to: &text)
        return text.utf8.count > Value.literalLimit ? String(text.prefix(Value.literalLimit)) + "…" : text
    }

    private func writeLiteral(to text: inout String) {
        guard text.utf8.count <= Value.literalLimit else { return }
        switch self {
        case .null: text += "None"
        case .bool(let bool): text += bool ? "True" : "False"
        case .int(let int): text += String(int)
        case .double(let double): text += String(double)
        case .amount(let amount): text += amount.description
        case .text(let string): Value.quote(string, to: &text)
        case .day(let day): Value.quote(day.description, to: &text)
        case .instant(let instant): Value.quote(instant.description, to: &text)
        case .ids(let ids): Value.list(ids.prefix(100).map { .int($0) }).writeLiteral(to: &text)
        case .bytes: text += "b'…'"
        case .json, .map: text += "{…}"
        case .list(let list):
            text += "["
            for (index, item) in list.prefix(100).enumerated() {
                if index > 0 { text += ", " }
                item.writeLiteral(to: &text)
            }
            text += "]"
        }
    }

    private static func quote(_ string: String, to text: inout String) {
        let mark: Character = string.contains("'") && !string.contains("\"") ? "\"" : "'"
        text.append(mark)
        for character in string.prefix(literalLimit) {
            switch character {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case mark: text += "\\\(mark)"
            default: text.append(character)
            }
        }
        text.append(mark)
    }
}

/// A condition as it was given, for errors.
struct ConditionText {
    let path: String
    let comparison: String
    let value: Value

    /// `('name', '=', 'x')`
    var description: String { "(\(Value.text(path).literal), \(Value.text(comparison).literal), \(value.literal))" }
}
