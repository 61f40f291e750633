import Testing

@testable import Kernel

@Suite("Patterns of like and ilike") struct LikePatternTests {
    /// Text, pattern, exact, ignoring case.
    static let table: [(String, String, Bool, Bool)] = [
        ("", "", true, true), ("", "%", true, true), ("", "_", false, false), ("a", "", false, false), ("abc", "abc", true, true),
        ("abc", "ABC", false, true), ("abc", "a%", true, true), ("abc", "%c", true, true), ("abc", "%b%", true, true),
        ("abc", "a_c", true, true),
        ("abc", "a__", true, true), ("abc", "____", false, false), ("abc", "%%%", true, true), ("abc", "a%d", false, false),
        ("aXbXc", "a%b%c", true, true), ("abab", "%ab", true, true), ("aab", "a%ab", true, true), ("mississippi", "%issip%", true, true),
        ("50%", "50\\%", true, true), ("505", "50\\%", false, false), ("a_b", "a\\_b", true, true), ("axb", "a\\_b", false, false),
        ("a\\b", "a\\\\b", true, true), ("a\\", "a\\", true, true), ("é", "_", true, true), ("€uro", "_uro", true, true),
        ("é", "e", false, true),
        ("e\u{301}", "é", false, true), ("ÉTÉ", "été", false, true), ("Straße", "STRASSE", false, true), ("Ærø", "aero", false, true),
        ("ΑΘΗΝΑ", "αθήνα", false, true), ("Ёлка", "елка", false, true), ("İstanbul", "istanbul", false, true),
        ("Łódź", "lodz", false, true),
        ("日本語", "%本%", true, true), ("日本語", "__語", true, true), ("日本語", "_語", false, false), ("👩‍⚕️x", "%x", true, true),
    ]

    @Test("the table of texts and patterns", arguments: LikePatternTests.table)
    func text(_ row: (text: String, pattern: String, exact: Bool, folded: Bool)) {
        #expect(LikePattern.matches(row.text, pattern: row.pattern, ignoringCase: false) == row.exact)
        #expect(LikePattern.matches(row.text, pattern: row.pattern, ignoringCase: true) == row.folded)
    }

    @Test("bytes from a database match as the text does", arguments: LikePatternTests.table)
    func bytes(_ row: (text: String, pattern: String, exact: Bool, folded: Bool)) {
        for ignoring in [false, true] {
            let compiled = LikePattern.Compiled(row.pattern, ignoringCase: ignoring)
            let bytes = Array(row.text.utf8).withUnsafeBufferPointer { compiled.matches(utf8: $0) }
            #expect(bytes == (ignoring ? row.folded : row.exact))
        }
    }

    @Test("random patterns agree with a definition by recursion")
    func property() {
        var random = SplitMix(state: 20_260_302)
        let letters: [Unicode.Scalar] = ["a", "b", "é", "%", "_"]
        func word(_ most: Int, wild: Bool) -> String {
            var view = String.UnicodeScalarView()
            for _ in 0..<Int(random.next() % UInt64(most + 1)) { view.append(letters[Int(random.next() % (wild ? 5 : 3))]) }
            return String(view)
        }
        for _ in 0..<20_000 {
            let text = word(8, wild: false)
            let pattern = word(6, wild: true)
            let expected = LikePatternTests.byDefinition(Array(text.unicodeScalars)[...], Array(pattern.unicodeScalars)[...])
            #expect(LikePattern.matches(text, pattern: pattern, ignoringCase: false) == expected, "\(text) like \(pattern)")
        }
    }

    private static func byDefinition(_ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let mark = pattern.first else { return text.isEmpty }
        if mark == "%" {
            return byDefinition(text, pattern.dropFirst()) || !text.isEmpty && byDefinition(text.dropFirst(), pattern)
        }
        guard let first = text.first, mark == "_" || mark == first else { return false }
        return byDefinition(text.dropFirst(), pattern.dropFirst())
    }

    @Test("a pattern of many wildcards on a long text ends soon")
    func noBlowUp() {
        let text = String(repeating: "a", count: 20_000)
        let pattern = String(repeating: "%a", count: 200) + "b"
        let clock = ContinuousClock()
        let spent = clock.measure { #expect(!LikePattern.matches(text, pattern: pattern, ignoringCase: true)) }
        #expect(spent < .seconds(5))
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
