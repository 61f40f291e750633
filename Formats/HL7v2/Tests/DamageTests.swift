import HL7v2
import Testing

/// Spoils messages and has them judged.
enum Damage {
    /// Cuts the bytes and flips their bits, some times each; returns how many messages were judged.
    static func judge(_ bytes: [UInt8], _ random: inout Seeded, times: Int) -> Int {
        var judged = 0
        for _ in 0..<times {
            judged += judge(Array(bytes.prefix(random.below(bytes.count))))
            for _ in 0..<2 {
                var damaged = bytes
                damaged[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
                judged += judge(damaged)
            }
        }
        return judged
    }

    private static func judge(_ bytes: [UInt8]) -> Int {
        let parsed = HL7Reader().read(bytes)
        for part in parsed {
            let verdict = HL7Verdict(part)
            #expect((verdict.grade == .strict) == verdict.problems.isEmpty)
        }
        return parsed.count
    }
}

@Suite struct DamageTests {
    @Test("every cut of our own messages is judged without a crash", arguments: [Fixtures.referral, Fixtures.answer, Fixtures.batch])
    func cuts(text: String) {
        let bytes = Array(text.utf8)
        for count in bytes.indices {
            for part in HL7Reader().read(Array(bytes.prefix(count))) {
                if case .failure(let error) = part.message { #expect(error.position.byteOffset <= count) }
            }
        }
    }

    @Test("our own messages with flipped bits are judged without a crash", arguments: [Fixtures.referral, Fixtures.answer, Fixtures.batch])
    func flips(text: String) {
        var random = Seeded(text.utf8.count)
        #expect(Damage.judge(Array(text.utf8), &random, times: 60) >= 180)
    }

    @Test("very many separators take no longer than their number", arguments: ["|", "^", "~", "&", "\\", "\r", "MSH|", "\\X"])
    func manySeparators(mark: String) {
        let text = #"MSH|^~\&|a|b|c|d|20260301||ORU^R01|1|P|2.5"# + "\rOBX|1|CWE|x||" + String(repeating: mark, count: 20_000)
        let clock = ContinuousClock()
        let time = clock.measure {
            for part in HL7Reader().read(Array(text.utf8)) { _ = HL7Verdict(part).grade }
        }
        #expect(time < .seconds(20))
    }
}
