import Kernel
import Testing

@testable import Reading

@Suite struct ParserTests {
    @Test(
        "a day is read as forms write it, with signs that stand for digits mended",
        arguments: [
            ("02/14/1970", "1970-02-14"), ("2/4/70", "1970-02-04"), ("02-14-1970", "1970-02-14"), ("February 14, 1970", "1970-02-14"),
            ("14 Feb 1970", "1970-02-14"), ("1970-02-14", "1970-02-14"), ("O2/l4/197O", "1970-02-14"), ("Februory 14, 1970", "1970-02-14"),
            ("03104/1961", "1961-03-04"), ("13/45/1970", nil), ("2/30/1970", nil), ("Monday", nil), ("02/14/2199", nil),
        ])
    func days(_ text: String, _ expected: String?) {
        #expect(DateParser(today: PageFixture.today).birth(PageFixture.words(text))?.value == expected)
    }

    @Test("a birth date lies in the past, a referral's day within the last years")
    func daysInRange() {
        let dates = DateParser(today: PageFixture.today)
        #expect(dates.birth(PageFixture.words("11/30/2026")) == nil && dates.birth(PageFixture.words("01/01/1899")) == nil)
        #expect(
            dates.recent(PageFixture.words("02/14/1970")) == nil && dates.recent(PageFixture.words("11/02/2026"))?.value == "2026-11-02")
    }

    @Test("an NPI is believed by its check digit; one digit is mended only when one way fits, and a wrong number is hardly believed")
    func npi() {
        #expect(NumberParser.npi(PageFixture.words("1234567893")) == ParsedValue(value: "1234567893", fit: 1, check: "luhn", words: 0..<1))
        #expect(NumberParser.npi(PageFixture.words("I2345678 93"))?.value == "1234567893")
        #expect(NumberParser.npi(PageFixture.words("3234567893"))?.check != "luhn")
        let wrong = NumberParser.npi(PageFixture.words("1234567890"))
        #expect((wrong?.fit ?? 1) <= 0.55)
        #expect(NumberParser.npi(PageFixture.words("218 555 0142 99")) == nil || NumberParser.npi(PageFixture.words("555-0142")) == nil)
    }

    @Test("phones have ten digits, of which area and exchange begin with two or more")
    func phones() {
        for text in ["(218) 555-0142", "218.555.0142", "218-S55-O142", "1 218 555 0142", "2185550142"] {
            #expect(NumberParser.phone(PageFixture.words(text))?.value == "2185550142", "\(text)")
        }
        for text in ["555-0142", "118 555 0142", "218 155 0142", "12/04/1970"] {
            #expect(NumberParser.phone(PageFixture.words(text)) == nil, "\(text)")
        }
    }

    @Test(
        "ICD-10 codes are known by their form: what stands for a letter or a digit is mended, a lost point put back",
        arguments: [
            ("I20.9", "I20.9"), ("!20.9", "I20.9"), ("£11.65", "E11.65"), ("I2O.9, R07.89", "I20.9, R07.89"), ("M54 16", "M54.16"),
            ("M25.561 M23.91", "M25.561, M23.91"), ("G43.109", "G43.109"), ("routine", nil), ("12345", nil),
            ("Z47.89;M75.121", "Z47.89, M75.121"), ("I10, Z80", "I10, Z80"), ("ROS 3", "R05.3"), ("I10 R19.5", "I10, R19.5"),
        ])
    func diagnoses(_ text: String, _ expected: String?) {
        #expect(CodeParser.diagnoses(PageFixture.words(text))?.value == expected)
    }

    @Test("procedure codes have five signs, digits but for the first or the last")
    func procedures() {
        #expect(CodeParser.procedures(PageFixture.words("93O15, G0101"))?.value == "93015, G0101")
        #expect(CodeParser.procedures(PageFixture.words("0042T"))?.value == "0042T")
        #expect(CodeParser.procedures(PageFixture.words("fever")) == nil && CodeParser.procedures(PageFixture.words("930151")) == nil)
    }

    @Test("names are taken from both orders, without titles, and signs in them are letters")
    func names() {
        let both = ["Okafor, Amara", "Amara Okafor", "OKAFOR, AMARA", "Dr. Amara Okafor, MD", "AmaraOkafor", "0kafor, Amara"]
        for text in both {
            let person = WordParser.person(PageFixture.words(text))
            #expect(person?.family == "Okafor" && person?.given == "Amara", "\(text) is \(String(describing: person))")
        }
        #expect(WordParser.person(PageFixture.words("O'BRIEN, MARY"))?.family == "O'Brien")
        #expect(WordParser.person(PageFixture.words("12 34")) == nil)
    }

    @Test("member numbers keep their letters; after them only digits stand")
    func members() {
        #expect(NumberParser.member(PageFixture.words("XU5175604O1"))?.value == "XU517560401")
        #expect(NumberParser.member(PageFixture.words("ABC1234567-01"))?.value == "ABC1234567-01")
        #expect(NumberParser.member(PageFixture.words("Blue Harbor")) == nil)
    }
}
