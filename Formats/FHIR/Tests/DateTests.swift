import FHIR
import Foundation
import Testing

@Suite struct DateTests {
    @Test(
        "a date covers the time that its text leaves open",
        arguments: [
            ("2024", FHIRDateTime.Precision.year, 1_704_067_200, 366 * 86_400), ("2026", .year, 1_767_225_600, 365 * 86_400),
            ("1900", .year, -2_208_988_800, 365 * 86_400), ("2026-02", .month, 1_769_904_000, 28 * 86_400),
            ("2026-11-20", .day, 1_795_132_800, 86_400), ("2026-11-20T10:30:00Z", .second, 1_795_170_600, 1),
            ("2026-11-20T10:30:00-05:30", .second, 1_795_190_400, 1), ("1969-12-31T23:59:59Z", .second, -1, 1),
        ] as [(String, FHIRDateTime.Precision, Int, Int)])
    func covers(text: String, precision: FHIRDateTime.Precision, start: Int, length: Int) throws {
        let date = try #require(FHIRDateTime(text))
        #expect(date.text == text && date.precision == precision)
        #expect(date.start.timeIntervalSince1970 == Double(start))
        #expect(date.end.timeIntervalSince1970 == Double(start + length))
    }

    @Test("a fraction of a second covers its last digit")
    func fraction() throws {
        let date = try #require(FHIRDateTime("1970-01-01T00:00:01.25Z"))
        #expect(abs(date.start.timeIntervalSince1970 - 1.25) < 1e-6 && abs(date.end.timeIntervalSince1970 - 1.26) < 1e-6)
    }

    @Test(
        "a moment is written as an instant in UTC",
        arguments: [
            (0.0, "1970-01-01T00:00:00Z"), (1_795_170_600.25, "2026-11-20T10:30:00.250Z"), (-0.5, "1969-12-31T23:59:59.500Z"),
            (951_782_400, "2000-02-29T00:00:00Z"), (-2_203_891_200, "1900-03-01T00:00:00Z"),
        ])
    func instant(seconds: Double, text: String) throws {
        let moment = Date(timeIntervalSince1970: seconds)
        #expect(FHIRDateTime(moment).text == text)
        #expect(try #require(FHIRDateTime(text)).start == moment)
    }

    @Test("every fifth day of four centuries is written and read alike")
    func days() throws {
        for day in stride(from: -62_000, through: 85_000, by: 5) {
            let moment = Date(timeIntervalSince1970: Double(day * 86_400))
            #expect(FHIRDateTime(FHIRDateTime(moment).text)?.start == moment)
        }
    }

    @Test(
        "what is no date is nil",
        arguments: [
            "", "26", "2026-", "2026-00", "2026-11-31", "2026-11-20T", "2026-11-20T10:30:00", "2026-11-20 10:30:00Z",
            "2026-11-20T10:30:00.Z", "2026-11-20T10:30:00Zx", "2026-11-20T10:60:00Z", "２０２６",
        ])
    func noDate(text: String) {
        #expect(FHIRDateTime(text) == nil)
    }
}
