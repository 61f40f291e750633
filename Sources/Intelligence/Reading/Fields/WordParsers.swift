/// Names, places and texts.
enum WordParser {
    private static let titles: Set<String> = [
        "dr", "md", "do", "np", "pa", "pac", "fnp", "fnpc", "aprn", "rn", "mr", "mrs", "ms", "miss", "phd", "dnp", "mbbs", "facc", "faafp",
        "drs", "cnp", "arnp",
    ]
    private static let nameWords = 5

    /// A person's name as family and given name.
    static func person(_ words: [ReadWord], familyFirst: Bool? = nil) -> (family: String, given: String, fit: Double)? {
        var names: [(text: String, comma: Bool)] = []
        for word in words.prefix(nameWords + 3) {
            if word.opensCell, !names.isEmpty { break }
            let text = tidied(word.text)
            let ends = word.text.hasSuffix(",") || word.text.hasSuffix(";")
            if titles.contains(PlainText.of(text)) {
                if names.count >= 2 { break }
                continue
            }
            if let split = text.firstIndex(of: ","), text.index(after: split) < text.endIndex {
                // “Smith,Mary” without a space.
                names.append((String(text[..<split]), true))
                names.append((String(text[text.index(after: split)...]), false))
                continue
            }
            if names.count >= 2, LabelBook.exact[PlainText.of(text)] != nil { break }
            guard isNamePart(text) else {
                if names.isEmpty { continue } else { break }
            }
            names.append((text, ends))
        }
        if names.count == 1, let halves = halves(names[0].text) { names = halves.map { ($0, false) } }
        guard (2...nameWords).contains(names.count) else { return nil }
        let fit = names.allSatisfy { $0.text.allSatisfy { $0.isLetter || "'-.".contains($0) } } ? 1.0 : 0.7
        if let comma = names.firstIndex(where: \.comma), comma < names.count - 1 {
            let family = names[...comma].map(\.text), given = names[(comma + 1)...].map(\.text)
            return (cased(family), cased(Array(given.prefix(1))), fit)
        }
        let parts = names.map(\.text)
        guard let first = parts.first, let last = parts.last else { return nil }
        return (cased([last]), cased([first]), parts.count == 2 ? fit : fit * 0.9)
    }

    /// Two names that were read as one: `LindaLee`.
    private static func halves(_ text: String) -> [String]? {
        let signs = Array(text)
        guard let cut = signs.indices.dropFirst(3).first(where: { signs[$0].isUppercase && signs[$0 - 1].isLowercase }),
            cut < signs.count - 1
        else {
            return nil
        }
        return [String(signs[..<cut]), String(signs[cut...])]
    }

    /// One name in a cell of its own.
    static func singleName(_ words: [ReadWord]) -> ParsedValue? {
        let names = words.prefix(3).map { tidied($0.text) }.filter(isNamePart)
        guard !names.isEmpty else { return nil }
        return ParsedValue(value: cased(names), fit: names.count == 1 ? 1 : 0.8)
    }

    private static func tidied(_ text: String) -> String {
        var text = CharacterMap.name(text)
        while let last = text.last, ",.;:*\"_-~".contains(last) { text.removeLast() }
        while let first = text.first, ",.;:*\"_-~'".contains(first) { text.removeFirst() }
        return text
    }

    private static func isNamePart(_ text: String) -> Bool {
        let letters = text.count(where: \.isLetter)
        return letters >= 1 && letters * 10 >= text.count * 7 && (text.first?.isUppercase ?? false || letters >= 3)
    }

    /// Names in capitals are written as names are; mixed ones stay as they are.
    private static func cased(_ names: [String]) -> String {
        names.map { name in
            guard name.count > 2, name.allSatisfy({ !$0.isLowercase }) else { return name }
            var result = ""
            var isFirst = true
            for sign in name {
                result += isFirst ? String(sign) : sign.lowercased()
                isFirst = !sign.isLetter
            }
            return result
        }.joined(separator: " ")
    }

    /// A sex as FHIR codes it.
    static func sex(_ words: [ReadWord]) -> ParsedValue? {
        for (place, word) in words.prefix(3).enumerated() {
            let plain = PlainText.of(CharacterMap.name(word.text))
            switch plain {
            case "f", "fem": return ParsedValue(value: "female", fit: 0.95, check: "list", words: place..<place + 1)
            case "m": return ParsedValue(value: "male", fit: 0.95, check: "list", words: place..<place + 1)
            case "other", "x", "nonbinary": return ParsedValue(value: "other", fit: 0.9, check: "list", words: place..<place + 1)
            default: break
            }
            let likely = [("female", 2), ("male", 1)].compactMap { name, limit in
                Likeness.distance(plain, name, limit: limit).map { (name, $0) }
            }.min { $0.1 < $1.1 }
            if let (name, distance) = likely {
                return ParsedValue(value: name, fit: 1 - 0.12 * Double(distance), check: "list", words: place..<place + 1)
            }
        }
        return nil
    }

    private static let urgencies: [(String, String)] = [
        ("routine", "routine"), ("standard", "routine"), ("elective", "routine"), ("nonurgent", "routine"), ("normal", "routine"),
        ("urgent", "urgent"),
        ("expedited", "urgent"), ("soon", "urgent"), ("priority", "urgent"), ("high", "urgent"), ("stat", "stat"), ("emergent", "stat"),
        ("immediate", "stat"), ("immediately", "stat"), ("emergency", "stat"), ("asap", "stat"),
    ]

    /// How soon, by the word for it.
    /// - Parameter isOption: Whether it stands beside a box to tick, where only few words can.
    static func urgency(_ words: [ReadWord], isOption: Bool = false) -> ParsedValue? {
        for (place, word) in words.prefix(6).enumerated() {
            let plain = PlainText.of(CharacterMap.name(word.text))
            guard plain.count >= 4 else { continue }
            for (name, value) in urgencies {
                let limit = name.count >= 6 ? 2 : name.count == 4 && !isOption ? 0 : 1
                guard let distance = Likeness.distance(plain, name, limit: limit) else { continue }
                return ParsedValue(value: value, fit: 1 - 0.1 * Double(distance), check: "list", words: place..<place + 1)
            }
            if plain == "5tat" || plain == "slat" || plain == "siat" {
                return ParsedValue(value: "stat", fit: 0.7, check: "list", words: place..<place + 1)
            }
        }
        return nil
    }

    /// Words of medicine whose digits are taken for letters.
    private static func mended(_ word: String) -> String {
        word.hasPrefix("Alc") && word.dropFirst(3).allSatisfy { !$0.isLetter } ? "A1c" + word.dropFirst(3) : word
    }

    /// A text as it stands there, with the space between its words made one.
    static func text(_ words: [ReadWord]) -> ParsedValue? {
        var text = words.map { mended($0.text) }.joined(separator: " ")
        while let last = text.last, ",;:_|~-".contains(last) { text.removeLast() }
        while let first = text.first, ",;:_|~-.".contains(first) { text.removeFirst() }
        text = String(text.map { $0 == "’" || $0 == "‘" ? "'" : $0 }).trimmingSpaces
        guard text.count(where: \.isLetter) >= 3 else { return nil }
        return ParsedValue(value: text, fit: 1)
    }
}

extension String {
    var trimmingSpaces: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
