import JSON
import Testing

@Suite struct NumberTests {
    @Test("integers stay exact up to the ends of 64 bits")
    func integersStayExact() throws {
        for value in [0, 1, -1, 999_999_999_999_999_999, 1_000_000_000_000_000_000, Int64.max, Int64.min] {
            #expect(try JSON.parse("\(value)") == .int(value))
        }
        #expect(try JSON.parse("9223372036854775808") == .double(9_223_372_036_854_775_808))
        #expect(try JSON.parse("-9223372036854775809") == .double(-9_223_372_036_854_775_808))
        #expect(try JSON.parse("18446744073709551617") == .double(18_446_744_073_709_551_616))
    }

    @Test(
        "numbers with a fraction are rounded correctly",
        arguments: [
            "0.1", "-0.1", "1.50", "3.141592653589793", "123456789012345678.5", "1e22", "1e23", "1.7976931348623157e308", "5e-324",
            "2.2250738585072011e-308", "0.000001", "9007199254740993.0", "0.00000000000000000000000000012345", "100000e-5",
        ])
    func fractionsAreRoundedCorrectly(text: String) throws {
        #expect(try JSON.parse(text) == .double(try #require(Double(text))))
    }

    @Test("literal numbers keep every digit and integers stay integers")
    func literalNumbersKeepEveryDigit() throws {
        let text = "[1.50,1E+2,-0.0,12,123456789012345678901234567890,1e999,-0,0]"
        let value = try JSON.parse(text, numbers: .literal)
        #expect(value[0] == .number("1.50"))
        #expect(value[3] == .int(12))
        #expect(value[4] == .number("123456789012345678901234567890"))
        #expect(value[0]?.doubleValue == 1.5)
        #expect(value.text() == text)
    }

    @Test("a number beyond floating point is refused when converted")
    func numberBeyondRange() {
        let error = #expect(throws: JSONError.self) { try JSON.parse("[1e309]") }
        #expect(error?.code == "json.number_range")
    }

    @Test("doubles are written shortest, whole ones with a point")
    func doublesAreWritten() throws {
        let written: [(Double, String)] = [(1, "1.0"), (-2.5, "-2.5"), (0.1, "0.1"), (1e20, "1e+20"), (.infinity, "null"), (.nan, "null")]
        for (value, text) in written { #expect(JSON.double(value).text() == text) }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            #expect(try JSON.parse(JSON.double(value).serialized()) == .double(value))
        }
    }

    @Test("text that is no number cannot slip in as one", arguments: ["", "1]", "1,2", " 1", "1 ", "NaN", "true", "01", "1.", "-"])
    func textThatIsNoNumber(text: String) throws {
        #expect(try JSON.parse(JSON.array([.number(text)]).serialized()) == .array([.string(text)]))
    }
}
