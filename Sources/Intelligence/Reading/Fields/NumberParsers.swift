/// Numbers with a form of their own: phones, ZIP codes, NPIs, member numbers.
enum NumberParser {
    /// Ten digits; area and exchange do not begin with 0 or 1. Source: the North American Numbering Plan.
    static func phone(_ words: [ReadWord]) -> ParsedValue? {
        for start in words.indices {
            for end in (start + 1)...min(words.count, start + 4) {
                let text = words[start..<end].map(\.text).joined()
                let body = text.filter { !"()-./+ :;,_—–".contains($0) }
                var found = CharacterMap.digits(in: body)
                // A bracket that was read as a one or a C.
                if found.digits.count == 11, found.digits.first == "1" { found.digits.removeFirst() }
                guard found.digits.count == 10, body.count <= 12, found.mended <= 3 else { continue }
                let digits = Array(found.digits.utf8)
                guard digits[0] > 0x31, digits[3] > 0x31 else { continue }
                return ParsedValue(value: found.digits, fit: 1 - 0.15 * Double(found.mended), check: "phone", words: start..<end)
            }
        }
        return nil
    }

    /// Five digits, with or without four more.
    static func zip(_ words: [ReadWord]) -> ParsedValue? {
        for place in words.indices.reversed() {
            let text = words[place].text.filter { !",.;:".contains($0) }
            let body = text.split(separator: "-").first.map(String.init) ?? text
            let found = CharacterMap.digits(in: body)
            guard body.count == 5, found.digits.count == 5, found.mended <= 2 else { continue }
            return ParsedValue(value: found.digits, fit: 1 - 0.2 * Double(found.mended), check: "zip", words: place..<place + 1)
        }
        return nil
    }

    /// An NPI: ten digits whose last is a check digit; one digit that looks like another is mended when only one way fits.
    ///
    /// Source: 45 CFR 162.406 and ISO/IEC 7812-1, Luhn over `80840` and the number.
    static func npi(_ words: [ReadWord]) -> ParsedValue? {
        var doubtful: ParsedValue?
        for start in words.indices {
            for end in (start + 1)...min(words.count, start + 3) {
                let body = words[start..<end].map(\.text).joined().filter { !"#:.,-_() ".contains($0) }
                let found = CharacterMap.digits(in: body)
                guard body.count == 10, found.digits.count == 10, found.mended <= 3 else { continue }
                let digits = Array(found.digits.utf8)
                if isNPI(digits) {
                    return ParsedValue(value: found.digits, fit: 1 - 0.05 * Double(found.mended), check: "luhn", words: start..<end)
                }
                if let mended = mended(digits) {
                    doubtful = doubtful ?? ParsedValue(value: mended, fit: 0.55, check: "luhn.mended", words: start..<end)
                } else {
                    doubtful = doubtful ?? ParsedValue(value: found.digits, fit: 0.15, check: "luhn.wrong", words: start..<end)
                }
            }
        }
        return doubtful
    }

    static func isNPI(_ digits: [UInt8]) -> Bool {
        guard digits.count == 10, digits[0] == 0x31 || digits[0] == 0x32 else { return false }
        var total = 24
        for (place, digit) in digits.reversed().enumerated() {
            let value = Int(digit) - 0x30
            total += place % 2 == 0 ? value : value * 2 > 9 ? value * 2 - 9 : value * 2
        }
        return total % 10 == 0
    }

    private static func mended(_ digits: [UInt8]) -> String? {
        var ways: Set<[UInt8]> = []
        for (place, digit) in digits.enumerated() {
            for other in CharacterMap.alike[digit] ?? [] {
                var changed = digits
                changed[place] = other
                if isNPI(changed) { ways.insert(changed) }
            }
        }
        return ways.count == 1 ? ways.first.map { String(decoding: $0, as: UTF8.self) } : nil
    }

    /// A number at a payer: letters, then digits; signs between the digits are digits.
    static func member(_ words: [ReadWord]) -> ParsedValue? {
        for (place, word) in words.enumerated() {
            var text = word.text.filter { !":;,.()#*'\"".contains($0) }.uppercased()
            while let first = text.first, "-_".contains(first) { text.removeFirst() }
            var end = place + 1
            // A number that was torn apart: its rest is digits too.
            while end < words.count, !words[end].opensCell, text.count < 12, words[end].text.allSatisfy({ $0.isNumber || $0 == "-" }) {
                text += words[end].text
                end += 1
            }
            let count = text.filter(\.isNumber).count
            guard text.count >= 6, text.count <= 20, count >= 4, count * 2 >= text.count else { continue }
            let (value, mended) = numbered(text)
            return ParsedValue(value: value, fit: 1 - 0.2 * Double(min(mended, 4)), check: "number", words: place..<end)
        }
        return nil
    }

    /// The first letters stay; from the first two digits on, letters stand for digits.
    private static func numbered(_ text: String) -> (String, Int) {
        var signs = Array(text)
        let prefix = signs.prefix { $0.isLetter || !$0.isASCII }.count
        guard prefix <= 4 else { return (text, 1) }
        var mended = 0
        for place in signs.indices.dropFirst(prefix) where !signs[place].isNumber && signs[place] != "-" {
            guard let digit = CharacterMap.digit(signs[place]) else { continue }
            signs[place] = digit
            mended += 1
        }
        for place in signs.indices.prefix(prefix) where !signs[place].isASCII {
            guard let letter = CharacterMap.letter(signs[place]) else { continue }
            signs[place] = letter
            mended += 1
        }
        return (String(signs), mended)
    }
}
