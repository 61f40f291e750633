/// Codes of diagnoses and procedures, by their form.
enum CodeParser {
    private static let codeLimit = 12

    /// ICD-10-CM: a letter, a digit, a digit or letter, then a point and up to four more. Source: CMS, ICD-10-CM guidelines I.A.2.
    static func diagnoses(_ words: [ReadWord]) -> ParsedValue? {
        list(words, joinsHalves: true, diagnosis)
    }

    /// CPT: five digits, or four and a letter; HCPCS: a letter and four digits.
    static func procedures(_ words: [ReadWord]) -> ParsedValue? {
        list(words, joinsHalves: false, procedure)
    }

    private static func list(_ words: [ReadWord], joinsHalves: Bool, _ read: (String) -> (String, Int)?) -> ParsedValue? {
        var codes: [String] = []
        var mended = 0
        for word in pieces(words, joinsHalves: joinsHalves) {
            guard let (code, changes) = read(word), codes.count < codeLimit else { continue }
            mended += changes
            if !codes.contains(code) { codes.append(code) }
        }
        guard !codes.isEmpty else { return nil }
        return ParsedValue(value: codes.joined(separator: ", "), fit: 1 - 0.15 * Double(min(mended, 4)), check: "code")
    }

    /// The words cut at commas, with a point's two sides put together again, even where the point itself was lost.
    private static func pieces(_ words: [ReadWord], joinsHalves: Bool) -> [String] {
        var pieces: [(text: String, isClosed: Bool)] = []
        for word in words {
            let parts = word.text.split(whereSeparator: { ",;/()".contains($0) }).map(String.init)
            for (place, part) in parts.enumerated() {
                let isClosed = place < parts.count - 1 || word.text.hasSuffix(",") || word.text.hasSuffix(";")
                if let last = pieces.last, !last.isClosed, let whole = joined(last.text, part, joinsHalves: joinsHalves) {
                    pieces[pieces.count - 1] = (whole, isClosed)
                } else {
                    pieces.append((part, isClosed))
                }
            }
        }
        return pieces.map(\.text)
    }

    /// A code of its two halves; nil when they are two codes, or none.
    private static func joined(_ last: String, _ piece: String, joinsHalves: Bool) -> String? {
        if piece.hasPrefix("."), last.count == 3 { return last + piece }
        let isNumber = (1...4).contains(piece.count) && piece.allSatisfy(\.isNumber)
        if last.hasSuffix("."), last.count == 4, isNumber || isDigitLike(piece) { return last + piece }
        guard joinsHalves, last.count == 3, isNumber || isDigitLike(piece), diagnosis("\(last).\(piece)") != nil else { return nil }
        return "\(last).\(piece)"
    }

    /// The second half of a code whose first digit was taken for a letter.
    private static func isDigitLike(_ piece: String) -> Bool {
        (2...4).contains(piece.count) && piece.dropFirst().allSatisfy(\.isNumber)
            && piece.first.map { CharacterMap.digit($0) != nil } == true
            && piece.count != 3
    }

    static func diagnosis(_ text: String) -> (String, Int)? {
        var signs = Array(text.filter { !"'\"`:*".contains($0) })
        while signs.last == "." { signs.removeLast() }
        guard (3...8).contains(signs.count), let first = CharacterMap.letter(signs[0]) else { return nil }
        var mended = first == signs[0] ? 0 : 1
        var hasPoint = false
        var code = String(first)
        for (place, sign) in signs.enumerated().dropFirst() {
            if sign == "." || sign == "," || sign == "-" {
                guard place == 3, !hasPoint else { return nil }
                hasPoint = true
                continue
            }
            // A or B may stand in the third place, and a letter from the sixth on as an extension.
            if sign.isASCII, sign.isLetter, sign.isUppercase, place == 2 && (sign == "A" || sign == "B") || place >= 7 {
                code.append(sign)
                continue
            }
            guard let digit = CharacterMap.digit(sign) else { return nil }
            if digit != sign { mended += 1 }
            code.append(digit)
        }
        guard code.count >= 3, code.count <= 7, mended <= 2, signs[1...].contains(where: { $0.isNumber }) else { return nil }
        if code.count > 3, !hasPoint {
            // A word such as “S0123” without its point counts only when all is digits.
            guard mended == 0, code.dropFirst().allSatisfy(\.isNumber) else { return nil }
            mended += 1
        }
        let category = code.prefix(3), rest = code.dropFirst(3)
        return (rest.isEmpty ? String(category) : "\(category).\(rest)", mended)
    }

    static func procedure(_ text: String) -> (String, Int)? {
        let signs = Array(text.filter { !"'\"`:.*".contains($0) })
        guard signs.count == 5, signs.filter({ $0.isNumber }).count >= 3 else { return nil }
        if signs[0].isUppercase, "ACEGHJKLMPQRSTV".contains(signs[0]), signs.dropFirst().allSatisfy(\.isNumber) {
            return (String(signs), 0)
        }
        if "FTU".contains(signs[4]), signs.dropLast().allSatisfy(\.isNumber) { return (String(signs), 0) }
        var code = ""
        var mended = 0
        for sign in signs {
            guard let digit = CharacterMap.digit(sign) else { return nil }
            if digit != sign { mended += 1 }
            code.append(digit)
        }
        return mended <= 2 ? (code, mended) : nil
    }
}
