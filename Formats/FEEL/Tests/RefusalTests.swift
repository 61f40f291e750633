import FEEL
import Testing

@Suite struct RefusalTests {
    private func refusal(_ text: String, names: [String]? = nil, limits: FEELLimits = .default) -> FEELError? {
        do throws(FEELError) {
            _ = try FEELUnaryTests.parse(text, names: names, limits: limits)
            return nil
        } catch { return error }
    }

    @Test("each fault has its code and the character where it stands")
    func codes() {
        let faults: [(String, String, Int)] = [
            ("\"a", "feel.string", 1), ("1, \"é\\q\"", "feel.string", 6), ("< ", "feel.syntax", 3), ("1 2", "feel.syntax", 3),
            ("[1..", "feel.syntax", 5),
            ("]1, 2[", "feel.syntax", 3), ("not(1", "feel.syntax", 6), ("(1", "feel.syntax", 3), ("12a", "feel.syntax", 3),
            ("date(2026)", "feel.syntax", 6),
            ("date(\"2026-02-30\")", "feel.temporal", 6), ("@\"soon\"", "feel.temporal", 1), ("duration(\"P1Y2D\")", "feel.temporal", 10),
            ("[5..1]", "feel.range", 1), ("(1..1]", "feel.range", 1), ("[1..\"a\"]", "feel.range", 1),
            ("12345678901234567890123456789012345", "feel.number", 1), ("#", "feel.syntax", 1), ("a,", "feel.syntax", 3),
            (".", "feel.syntax", 1),
        ]
        for (text, code, position) in faults {
            let error = refusal(text)
            #expect(error?.code == code, "\(text)")
            #expect(error?.position == position, "\(text)")
        }
    }

    @Test("a word without quotes is named with the remedy")
    func unknownName() {
        let error = refusal("MERIDIAN", names: ["payer", "urgency"])
        #expect(error?.code == "feel.unknown_name")
        #expect(error?.what.contains("\"MERIDIAN\"") == true)
        #expect(error?.what.contains("payer, urgency") == true)
    }

    @Test("what is too long, too deep or too much is refused")
    func limits() {
        #expect(refusal(String(repeating: "1", count: 5_000))?.code == "feel.too_long")
        #expect(refusal(String(repeating: "(", count: 2_000))?.code == "feel.too_deep")
        #expect(refusal(String(repeating: "[", count: 2_000))?.code == "feel.too_deep")
        #expect(refusal(String(repeating: "-", count: 2_000) + "1")?.code == "feel.too_deep")
        #expect(refusal("1" + String(repeating: "+1", count: 1_000))?.code == "feel.too_deep")
        #expect(refusal("1" + String(repeating: ",1", count: 1_000))?.code == "feel.too_many")
        #expect(refusal("[1" + String(repeating: ",1", count: 1_000) + "]")?.code == "feel.too_many")
    }

    @Test("a thousand random texts of the language's own characters are read or refused, and never trap")
    func randomTexts() {
        let pieces = [
            "(", ")", "[", "]", "..", ",", "-", "not(", "1", "9999999999999999999999999999999999", "\"a\"", "**", "*", "/", "+", "<=",
            "date(\"2026-01-01\")", "duration(\"P1D\")", "x", " ", "time(\"10:00:00\")", "@\"P1Y\"",
        ]
        var chance = SystemRandomNumberGenerator()
        var read = 0
        for _ in 0..<5_000 {
            let text = (0..<Int.random(in: 1...9, using: &chance)).map { _ in pieces.randomElement(using: &chance) ?? "" }.joined()
            guard let tests = try? FEELUnaryTests.parse(text) else { continue }
            read += 1
            for value in [FEELValue.null, .int(1), .string("a")] { _ = tests.hold(for: value) { _ in .int(3) } }
        }
        #expect(read > 50)
    }
}
