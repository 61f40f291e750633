import JSON

/// A scalar as the text has it, and its meaning by the core schema.
struct YAMLScalar {
    let text: String
    let isPlain: Bool
    let tag: String?

    static let tagPrefix = "tag:yaml.org,2002:"

    /// Whether the scalar is text whatever it looks like.
    var isText: Bool { tag == "!" || tag == YAMLScalar.tagPrefix + "str" || tag == nil && !isPlain }

    /// Whether the scalar says null.
    var isNull: Bool { !isText && YAMLScalar.nulls.contains(text) }

    private static let nulls: Set<String> = ["", "~", "null", "Null", "NULL"]
    private static let words: [String: Bool] = [
        "true": true, "True": true, "TRUE": true, "false": false, "False": false, "FALSE": false,
    ]
    private static let infinite: Set<String> = [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"]
    /// The longest number, in bytes.
    private static let maxNumberBytes = 1024

    func value(numbers: JSONNumbers, at place: YAMLPlace) throws(YAMLError) -> JSON {
        if isText { return .string(text) }
        let value = try plainValue(numbers, place)
        guard let tag else { return value }
        return try tagged(value, tag, at: place)
    }

    private func plainValue(_ numbers: JSONNumbers, _ place: YAMLPlace) throws(YAMLError) -> JSON {
        if isNull { return .null }
        if let word = YAMLScalar.words[text] { return .bool(word) }
        let sign = text.utf8.first == UInt8(ascii: "-") || text.utf8.first == UInt8(ascii: "+")
        let unsigned = sign ? String(text.dropFirst()) : text
        if YAMLScalar.infinite.contains(unsigned) {
            throw .badScalar("Infinity and not-a-number are not known. Leave the value out, or put quotes around it.", at: place)
        }
        if !sign, let value = try radixInteger(place) { return value }
        guard YAMLScalar.isNumber(unsigned) else { return .string(text) }
        return try number(unsigned, isNegative: text.utf8.first == UInt8(ascii: "-"), numbers, place)
    }

    /// `0o17` and `0x1F`.
    private func radixInteger(_ place: YAMLPlace) throws(YAMLError) -> JSON? {
        guard text.utf8.count > 2, text.hasPrefix("0o") || text.hasPrefix("0x") else { return nil }
        let digits = text.dropFirst(2)
        let radix = text.hasPrefix("0o") ? 8 : 16
        guard digits.utf8.allSatisfy({ YAMLScalar.digit($0).map { $0 < radix } ?? false }) else { return nil }
        guard let value = Int64(digits, radix: radix) else {
            throw .badScalar("The integer does not fit 64 bits. Put quotes around it.", at: place)
        }
        return .int(value)
    }

    private static func digit(_ byte: UInt8) -> Int? { Character(Unicode.Scalar(byte)).hexDigitValue }

    /// `12`, `1.5`, `.5`, `1.`, `1e3` and their like, without the sign.
    private static func isNumber(_ text: String) -> Bool {
        var rest = text.utf8[...]
        let skipDigits = { (rest: inout Substring.UTF8View) -> Int in
            let count = rest.prefix { 0x30...0x39 ~= $0 }.count
            rest = rest.dropFirst(count)
            return count
        }
        var digits = skipDigits(&rest)
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            digits += skipDigits(&rest)
        }
        guard digits > 0 else { return false }
        guard rest.first.map({ $0 | 0x20 == UInt8(ascii: "e") }) == true else { return rest.isEmpty }
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        return skipDigits(&rest) > 0 && rest.isEmpty
    }

    private func number(_ unsigned: String, isNegative: Bool, _ numbers: JSONNumbers, _ place: YAMLPlace) throws(YAMLError) -> JSON {
        guard unsigned.utf8.count <= YAMLScalar.maxNumberBytes else {
            throw .badScalar("The number is too long. Put quotes around it.", at: place)
        }
        let bytes = Array(unsigned.utf8.prefix(2))
        if bytes.count == 2, bytes[0] == UInt8(ascii: "0"), 0x30...0x39 ~= bytes[1] {
            throw .badScalar(
                "A number begins with a superfluous zero. Put quotes around it if it is a code, else leave the zero out.", at: place)
        }
        let json = (isNegative ? "-" : "") + YAMLScalar.withDigitsAroundPoint(unsigned)
        guard let value = try? JSON.parse(json, limits: JSONLimits(maxNumberBytes: json.utf8.count), numbers: numbers) else {
            throw .badScalar("The number is beyond the range of binary floating point. Put quotes around it.", at: place)
        }
        return value
    }

    /// JSON wants a digit on each side of the point: `.5` becomes `0.5` and `1.` becomes `1.0`.
    private static func withDigitsAroundPoint(_ number: String) -> String {
        guard let point = number.firstIndex(of: ".") else { return number }
        let whole = number[..<point]
        let rest = number[number.index(after: point)...]
        let hasFraction = rest.utf8.first.map { 0x30...0x39 ~= $0 } ?? false
        return "\(whole.isEmpty ? "0" : whole).\(hasFraction ? "" : "0")\(rest)"
    }

    private func tagged(_ value: JSON, _ tag: String, at place: YAMLPlace) throws(YAMLError) -> JSON {
        switch (String(tag.dropFirst(YAMLScalar.tagPrefix.count)), value) {
        case _ where !tag.hasPrefix(YAMLScalar.tagPrefix): throw .tag(at: place)
        case ("null", .null), ("bool", .bool), ("int", .int), ("float", .double), ("float", .number): return value
        case ("float", .int(let whole)): return .double(Double(whole))
        case ("null", _), ("bool", _), ("int", _), ("float", _): throw .badScalar("The scalar is not what its tag says.", at: place)
        default: throw .tag(at: place)
        }
    }
}
