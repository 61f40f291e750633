import Foundation

/// Turns what speaks for a value into the probability that it is right.
///
/// The weights are those of a logistic regression over values read from made faxes of the building layouts, clean, fine and poor; see
/// `Tests/Reading/calibrate.py`, which prints them. Checks that were too rare there to be weighed lower the probability by a factor.
enum Calibration {
    private static let always = -2.67, trust = 0.48, fit = -0.14, letters = 2.48, clarity = 2.55, repeated = 0.26
    /// What a check that was passed adds.
    private static let checks: [String: Double] = [
        "luhn": 1.39, "dictionary": 1.92, "tick": 1.55, "list": 1.24, "date": 1.51, "phone": -0.58, "zip": 0.71, "number": -0.55,
        "code": 0.06,
    ]
    /// What a doubt takes away.
    private static let doubts: [String: Double] = ["luhn.mended": 0.6, "luhn.wrong": 0.2]
    /// From here on another value is about as likely.
    private static let closeRival = 0.9
    private static let range = 0.01...0.995

    static func confidence(_ evidence: Evidence, rule: String) -> Double {
        let check = rule.split(separator: "+").dropFirst().first.map(String.init) ?? ""
        let sum =
            always + trust * evidence.trust + fit * nines(evidence.fit) + letters * nines(evidence.letters) + clarity
            * nines(evidence.clarity)
            + (evidence.isRepeated ? repeated : 0) + (checks[check] ?? 0)
        var chance = 1 / (1 + exp(-sum)) * (doubts[check] ?? 1)
        if evidence.rival > closeRival { chance *= 0.75 }
        // A way that is hardly trusted was rare where the weights were found.
        if evidence.trust < 0.5 { chance *= 2 * evidence.trust }
        return min(range.upperBound, max(range.lowerBound, chance))
    }

    /// 0.9 is one step from certain, 0.99 two.
    private static func nines(_ value: Double) -> Double { -log10(1.01 - min(1, value)) }
}
