/// Turns text into HL7 v2's escaped form and back.
///
/// Shape: `\F\ \S\ \T\ \R\ \E\ \P\` stand for the message's own delimiters, `\Xhh…\` for bytes, `\.br\` for a line feed. What is not
/// known (`\H\`, `\.sp 2\`, `\Zabc\`, a lone escape character) stays as it is, so that nothing is lost.
/// Source: HL7 v2.8.1 chapter 2, “Use of escape sequences in text fields”.
public enum HL7Escapes {
    /// The text that an escaped value stands for.
    public static func decode(_ encoded: some StringProtocol, _ delimiters: HL7Delimiters = .standard) -> String {
        let escape = Unicode.Scalar(delimiters.escape)
        guard encoded.unicodeScalars.contains(escape) else { return String(encoded) }
        let scalars = Substring(encoded).unicodeScalars
        var result = ""
        var rest = scalars.startIndex
        while let opening = scalars[rest...].firstIndex(of: escape) {
            result.unicodeScalars.append(contentsOf: scalars[rest..<opening])
            let inside = scalars.index(after: opening)
            guard let closing = scalars[inside...].firstIndex(of: escape),
                let text = meaning(of: String(Substring(scalars[inside..<closing])), delimiters)
            else {
                result.unicodeScalars.append(escape)
                rest = inside
                continue
            }
            result += text
            rest = scalars.index(after: closing)
        }
        result.unicodeScalars.append(contentsOf: scalars[rest...])
        return result
    }

    /// The escaped form of a text, safe inside a subcomponent.
    ///
    /// `decode(encode(text))` is `text`, also when the text contains something that looks like an escape.
    public static func encode(_ text: String, _ delimiters: HL7Delimiters = .standard) -> String {
        guard text.unicodeScalars.contains(where: { sequence(for: $0, delimiters) != nil }) else { return text }
        var result = ""
        let escape = Unicode.Scalar(delimiters.escape)
        for scalar in text.unicodeScalars {
            if let sequence = sequence(for: scalar, delimiters) {
                result.unicodeScalars.append(escape)
                result += sequence
                result.unicodeScalars.append(escape)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func sequence(for scalar: Unicode.Scalar, _ delimiters: HL7Delimiters) -> String? {
        guard let byte = UInt8(exactly: scalar.value) else { return nil }
        switch byte {
        case delimiters.escape: return "E"
        case delimiters.field: return "F"
        case delimiters.component: return "S"
        case delimiters.subcomponent: return "T"
        case delimiters.repetition: return "R"
        case delimiters.truncation: return "P"
        case 0x0A: return ".br"
        case 0x0D: return "X0D"
        case 0x0B: return "X0B"
        case 0x1C: return "X1C"
        default: return nil
        }
    }

    private static func meaning(of sequence: String, _ delimiters: HL7Delimiters) -> String? {
        switch sequence {
        case "F": return character(delimiters.field)
        case "S": return character(delimiters.component)
        case "T": return character(delimiters.subcomponent)
        case "R": return character(delimiters.repetition)
        case "E": return character(delimiters.escape)
        case "P": return delimiters.truncation.map(character)
        case ".br": return "\n"
        default: return sequence.utf8.first == UInt8(ascii: "X") ? hexadecimal(sequence.utf8.dropFirst()) : nil
        }
    }

    private static func character(_ byte: UInt8) -> String { String(Character(Unicode.Scalar(byte))) }

    private static func hexadecimal(_ digits: Substring.UTF8View) -> String? {
        guard !digits.isEmpty, digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            if let first = high {
                bytes.append(first << 4 | UInt8(value))
                high = nil
            } else {
                high = UInt8(value)
            }
        }
        return HL7Charset.utf8.decode(bytes)
    }
}
