import FEEL
import Testing

@Suite struct NumberTests {
    /// Computed by Python's `decimal` with 34 digits, half to even.
    static let known: [(String, String, String, String)] = [
        ("99629197608642444.4236392420458649", "+", "1747284215.5438677", "99629199355926659.9675069420458649"),
        ("-42.318", "-", "-336359751654799724540497495.825058", "336359751654799724540497453.507058"),
        ("-4979622184439983842522.458431210022", "-", "0.7", "-4979622184439983842523.158431210022"),
        ("3607324625526098.8", "*", "-8", "-28858597004208790.4"),
        ("-86551106704312176.9049597479349085", "-", "66751", "-86551106704378927.9049597479349085"),
        ("18120727229746.21233109684629617206", "+", "847820060107867.9747982064270015758", "865940787337614.1871293032732977479"),
        ("-87102792.2514757027813456559327180", "-", "-95.323", "-87102696.928475702781345655932718"),
        ("-852561376845.91067", "/", "-4949268.1610725036", "172260.089592955315594625789964395"),
        ("6433153005137.1345", "*", "-192.5636893254781225082352774419004", "-1238791676664493.132129416691913476"),
        ("-0.48515", "*", "-59253780965387183631349.88279754764", "28746971835357592138749.39563923024"),
        ("-61959268298775371.40597491188837218", "/", "-944.18", "65622305385387.71357789289318601557"),
        ("690933248.30165904", "+", "-73716516277.35159715236217043877637", "-73025583029.04993811236217043877637"),
        ("6875744820104955476061892250774533", "/", "-0.83963", "-8189017567386772121127034825785802"),
        ("-5200879806.8482451", "/", "-3698162132.029968150098840588256447", "1.406341750623414700880142825714976"),
        ("-12.578", "/", "47.538", "-0.2645883293365307753796962430055955"),
        ("-66730", "/", "-2718.074008727510342806309215275407", "24.5504720569548515611235191221194"),
        ("-3.0123", "+", "446799891328221548455226390080.896", "446799891328221548455226390077.8837"),
        ("73409612642218707757310490.21232140", "+", "996980171487.87084", "73409612642219704737481978.0831614"),
        ("0.1", "+", "0.2", "0.3"), ("1", "/", "3", "0.3333333333333333333333333333333333"),
        ("2", "/", "3", "0.6666666666666666666666666666666667"),
        ("1", "-", "1", "0"), ("1.10", "*", "10", "11"),
    ]

    @Test("sums, differences, products and quotients are those of 34-digit decimals", arguments: known)
    func arithmetic(_ left: String, _ operation: String, _ right: String, _ expected: String) throws {
        let expression = try FEELExpression.parse("(\(left)) \(operation) (\(right))")
        #expect(expression.value { _ in nil }.description == expected)
    }

    @Test("numbers are ordered as Python orders them, whatever their places")
    func order() throws {
        let sorted = [
            "-9999999999999999999999999999999999", "-10.5", "-10.45", "-0.0000000000000000000000000000000001", "0", "0.05", "0.5", "1",
            "1.01", "100",
        ]
        let numbers = sorted.compactMap { FEELNumber($0) }
        #expect(numbers.count == sorted.count)
        for (place, left) in numbers.enumerated() {
            for (other, right) in numbers.enumerated() {
                #expect((left < right) == (place < other))
                #expect((left == right) == (place == other))
            }
        }
        #expect(numbers.map(\.description) == sorted)
    }

    @Test("a number is the same however many zeros end it, and what is no number is none")
    func reading() {
        #expect(FEELNumber("1.500") == FEELNumber("1.5"))
        #expect(FEELNumber("-0.0") == .zero)
        #expect(FEELNumber(".5")?.description == "0.5")
        for bad in ["", "-", ".", "1.", "1e5", "+1", "1.2.3", "12345678901234567890123456789012345", " 1"] {
            #expect(FEELNumber(bad) == nil)
        }
        #expect(FEELNumber("-1.5")?.floor == FEELNumber(-2))
        #expect(FEELNumber("12.34")?.units(places: 6) == 12_340_000)
        #expect(FEELNumber("12.34")?.units(places: 1) == nil)
    }

    @Test("what leaves the range becomes null and never traps")
    func range() throws {
        for text in [
            "9999999999999999999999999999999999 * 10", "10 ** 999", "1 / 0", "0 ** -1", "2 ** 0.5",
            "9999999999999999999999999999999999 + 1",
        ] {
            #expect(try FEELExpression.parse(text).value { _ in nil } == .null, "\(text)")
        }
        #expect(try FEELExpression.parse("2 ** 10").value { _ in nil } == .int(1_024))
        #expect(try FEELExpression.parse("2 ** -1").value { _ in nil }.description == "0.5")
    }
}
