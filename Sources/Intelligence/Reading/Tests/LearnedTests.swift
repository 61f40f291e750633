import Kernel
import Pages
import Testing

@testable import Reading

/// Places that are learned from corrections, and what is read there.
@Suite struct LearnedTests {
    /// A form whose words no rule knows.
    private static func form(member: String, reason: String, shift: Double = 0) -> PageText {
        PageFixture.page([
            [(110, "Referral Request Form")], [(110, "Patient Name: Amara Okafor")], [(110, "Date of Birth: 02/14/1970")],
            [(110 + shift, "Subscr key"), (500 + shift, member)], [(110, "Refer to: Cardiology")], [(110, "Grund der Zuweisung")],
            [(110, reason)], [(110, "NPI: 1234567893")],
        ])
    }

    private func find(_ value: String, _ field: ReadingField, on page: PageText) -> LearnedPlace? {
        LearnedPlace.find(value, of: field, on: [page], dictionaries: PageFixture.dictionaries, today: PageFixture.today)
    }

    @Test("what a person entered is found beside the words of its row, or below the words above it")
    func placesAreFound() throws {
        let page = Self.form(member: "QX55120077", reason: "Palpitations at night")
        let member = try #require(find("QX55120077", .memberNumber, on: page))
        #expect(member.anchor == "subscrkey" && member.side == .right)
        let reason = try #require(find("Palpitations at night", .reason, on: page))
        #expect(reason.anchor == "grundderzuweisung" && reason.side == .below)
        #expect(find("QX00000000", .memberNumber, on: page) == nil)
        #expect(find("1970-02-14", .birthDate, on: page)?.anchor == "dateofbirth")
    }

    @Test("a learned place gives values of the next form, also through a wrong letter and a shifted page")
    func placesAreRead() throws {
        let first = Self.form(member: "QX55120077", reason: "Palpitations at night")
        var places = [
            try #require(find("QX55120077", .memberNumber, on: first)), try #require(find("Palpitations at night", .reason, on: first)),
        ]
        for place in places.indices { places[place].agreeing = 3 }
        let next = Self.form(member: "ZR90817263", reason: "Syncope after exercise", shift: 40)
        let before = DocumentReading([next], dictionaries: PageFixture.dictionaries, today: PageFixture.today)
        let after = DocumentReading([next], dictionaries: PageFixture.dictionaries, today: PageFixture.today, learned: places)
        func found(_ reading: DocumentReading, _ field: ReadingField) -> Finding? { reading.parts[0].findings.first { $0.field == field } }
        #expect(found(before, .memberNumber) == nil && found(before, .reason)?.value != "Syncope after exercise")
        let member = try #require(found(after, .memberNumber))
        #expect(member.value == "ZR90817263" && member.rule.hasPrefix("learned.right"))
        let reason = try #require(found(after, .reason))
        #expect(reason.value == "Syncope after exercise" && reason.rule.hasPrefix("learned.below"))
        #expect((0.2..<1).contains(member.confidence))
    }

    @Test("a place that is elsewhere on the page, or beside other words, gives nothing")
    func otherFormsGiveNothing() throws {
        var place = try #require(find("QX55120077", .memberNumber, on: Self.form(member: "QX55120077", reason: "Any reason")))
        place.agreeing = 3
        let far = LearnedPlace(field: .memberNumber, anchor: place.anchor, side: .right, left: place.left, top: 0.9, agreeing: 3)
        let other = LearnedPlace(field: .memberNumber, anchor: "groupcode", side: .right, left: place.left, top: place.top, agreeing: 3)
        let page = Self.form(member: "ZR90817263", reason: "Any reason")
        for place in [far, other] {
            let reading = DocumentReading([page], dictionaries: PageFixture.dictionaries, today: PageFixture.today, learned: [place])
            #expect(!reading.parts[0].findings.contains { $0.rule.hasPrefix("learned") })
        }
    }

    @Test("a form is known by its title, and a name in large letters is none")
    func titles() {
        #expect(FormTitle.of(Self.form(member: "1", reason: "Any")) == "referral request form")
        #expect(FormTitle.of(PageFixture.lines(["AMARA OKAFOR", "Date of Birth: 02/14/1970"])).isEmpty)
        #expect(FormTitle.areSame("referral request form", "referra1 request form"))
        #expect(!FormTitle.areSame("referral request form", "order for imaging"))
    }
}
