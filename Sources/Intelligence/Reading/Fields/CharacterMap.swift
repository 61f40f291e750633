/// Signs that are taken for each other on worn pages, mended where the form of a field says what must stand there.
enum CharacterMap {
    private static let digits: [Character: Character] = [
        "O": "0", "o": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "|": "1", "!": "1", "i": "1", "]": "1", "[": "1", "Z": "2", "z": "2",
        "S": "5", "s": "5", "$": "5", "§": "5", "B": "8", "&": "8", "G": "6", "b": "6", "g": "9", "q": "9", "T": "7", "?": "7", "A": "4",
        "é": "6", "€": "6", "L": "1", "U": "0", "t": "1", "a": "8", "%": "8",
    ]
    private static let letters: [Character: Character] = [
        "0": "O", "1": "I", "|": "I", "!": "I", "5": "S", "8": "B", "£": "E", "€": "E", "6": "G", "2": "Z", "$": "S", "4": "A", "¥": "Y",
        "]": "I", "[": "I", "7": "T", "l": "I", "&": "B",
    ]
    /// Digits that look alike, for numbers with a check digit.
    static let alike: [UInt8: [UInt8]] = [
        0x30: [0x38, 0x36, 0x39], 0x31: [0x37, 0x34], 0x32: [0x37, 0x33], 0x33: [0x38, 0x35, 0x39, 0x32], 0x34: [0x39, 0x31],
        0x35: [0x36, 0x33, 0x38, 0x39], 0x36: [0x38, 0x35, 0x30], 0x37: [0x31, 0x32], 0x38: [0x33, 0x30, 0x36, 0x39],
        0x39: [0x38, 0x33, 0x30, 0x35],
    ]

    /// The digit for which a sign stands where only digits can; nil for a sign that looks like none.
    static func digit(_ sign: Character) -> Character? { sign.isASCII && sign.isNumber ? sign : digits[sign] }

    /// The capital for which a sign stands where only letters can.
    static func letter(_ sign: Character) -> Character? {
        if sign.isASCII, sign.isLetter { return Character(sign.uppercased()) }
        return letters[sign]
    }

    /// A name without the digits and signs that stand for its letters.
    static func name(_ text: String) -> String {
        var name = ""
        for (place, sign) in text.enumerated() {
            switch sign {
            case "0": name.append(place == 0 ? "O" : "o")
            case "1", "|", "!", "]", "[": name.append(place == 0 ? "I" : "l")
            case "5", "$": name.append(place == 0 ? "S" : "s")
            case "8": name.append(place == 0 ? "B" : "a")
            case "£", "€": name.append("E")
            case "’", "‘", "`", "´": name.append("'")
            default: name.append(sign)
            }
        }
        return name
    }

    /// Digits out of a text in which other signs may stand for them, and how many were mended.
    static func digits(in text: String) -> (digits: String, mended: Int) {
        var result = ""
        var mended = 0
        for sign in text {
            if sign.isASCII, sign.isNumber {
                result.append(sign)
            } else if let digit = digits[sign] {
                result.append(digit)
                mended += 1
            }
        }
        return (result, mended)
    }
}
