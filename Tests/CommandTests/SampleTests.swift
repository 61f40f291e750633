import Foundation
import Testing

@Suite struct SampleTests {
    @Test(
        "the examples of the repository are what the program writes", arguments: [("hl7", "referral.hl7"), ("fhir", "referral.fhir.json")])
    func examples(kind: String, file: String) throws {
        let kept = try Data(contentsOf: Program.packageRoot.appendingPathComponent("Examples/" + file))
        #expect(try Program.run("sample", kind, "--number", "1").output == String(decoding: kept, as: UTF8.self))
    }

    @Test("two samples are two referrals, the same number is the same one")
    func numbers() throws {
        #expect(try Program.run("sample", "hl7").output != Program.run("sample", "hl7").output)
        #expect(try Program.run("sample", "fhir", "--number", "7").output == Program.run("sample", "fhir", "--number", "7").output)
    }

    @Test("the letter is a PDF whose table of objects is right")
    func letter() throws {
        let text = try Program.run("sample", "pdf", "--number", "1").output
        #expect(text.hasPrefix("%PDF-1.4\n"))
        let start = try #require(text.firstMatch(of: #/startxref\n(\d+)\n/#).flatMap { Int($0.1) })
        #expect(Array(text.utf8).dropFirst(start).starts(with: Array("xref\n".utf8)))
        #expect(text.contains("(Reason: chest pain on effort for three weeks \\(I20.9\\)) Tj"))
    }
}
