/// Addresses in one line or in pieces.
enum AddressParser {
    struct Address {
        var street: String?
        var city: String?
        var zip: ParsedValue?
    }

    private static let states: Set<String> = Set(
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY"
            .split(separator: " ").map(String.init))

    /// Street, town, state and ZIP code, in this order; what is missing stays out.
    static func read(_ words: [ReadWord], startsWithStreet: Bool) -> Address {
        var address = Address()
        var rest = words[...]
        if let zip = NumberParser.zip(Array(rest)), let range = zip.words, range.lowerBound > 0 || !startsWithStreet {
            address.zip = zip
            rest = rest.prefix(range.lowerBound)
        }
        if let last = rest.last, isState(last.text) { rest = rest.dropLast() }
        let texts = rest.map(\.text)
        guard startsWithStreet else {
            address.city = town(texts)
            return address
        }
        // The last comma divides street and town; without one, the ending of the street does.
        let cut = texts.dropLast().lastIndex { $0.hasSuffix(",") || $0.hasSuffix(".") && isEnding($0) } ?? texts.lastIndex(where: isEnding)
        guard let cut else {
            address.street = street(texts)
            return address
        }
        address.street = street(Array(texts[...cut]))
        address.city = town(Array(texts[(cut + 1)...]))
        return address
    }

    private static func isState(_ text: String) -> Bool {
        let letters = text.uppercased().filter { $0.isLetter || $0.isNumber }.compactMap { CharacterMap.letter($0) }
        return letters.count == 2 && states.contains(String(letters))
            || text.count <= 3 && letters.count == 2 && text.allSatisfy { !$0.isLowercase }
    }

    private static let endings: Set<String> = [
        "st", "ave", "rd", "dr", "ln", "street", "avenue", "road", "drive", "lane", "court", "ct", "blvd", "boulevard", "way", "place",
        "pl", "terrace", "circle",
        "cir", "highway", "hwy", "parkway", "pkwy", "trail",
    ]

    private static func isEnding(_ text: String) -> Bool { endings.contains(PlainText.of(text)) }

    /// A street with its number: signs in the number are digits, signs in the name are letters.
    static func street(_ texts: [String]) -> String? {
        guard !texts.isEmpty else { return nil }
        var parts = texts.map { $0.filter { !",;:|_".contains($0) } }.filter { !$0.isEmpty }
        guard let first = parts.first else { return nil }
        let number = CharacterMap.digits(in: first)
        if number.digits.count == first.count, first.contains(where: \.isNumber) || parts.count > 2 { parts[0] = number.digits }
        for place in parts.indices.dropFirst() where parts[place].contains(where: \.isLetter) {
            parts[place] = CharacterMap.name(parts[place])
        }
        if let last = parts.last, last.hasSuffix(".") { parts[parts.count - 1].removeLast() }
        let text = parts.joined(separator: " ")
        return text.count(where: \.isLetter) >= 3 ? text : nil
    }

    private static func town(_ texts: [String]) -> String? {
        let parts = texts.map { CharacterMap.name($0.filter { !",;:|_.".contains($0) }) }
            .filter { part in
                let letters = part.count(where: \.isLetter)
                return letters >= 2 && letters * 10 >= part.count * 8
            }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}
