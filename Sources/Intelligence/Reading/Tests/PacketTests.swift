import Pages
import Testing

@testable import Reading

@Suite struct PacketTests {
    private static let cover = [
        "FAX", "To: Cardiology scheduling", "From: Cedar Ridge Clinic", "Pages including cover: 3",
        "CONFIDENTIALITY NOTICE: This facsimile is intended only for the addressee",
    ]

    private static func note(_ name: String, _ born: String) -> [String] {
        [
            "PROGRESS NOTE", "Patient: \(name)    DOB: \(born)", "History of Present Illness", "Chest pain.", "Physical Exam",
            "Assessment and Plan",
        ]
    }

    private static func form(_ name: String, _ born: String) -> [String] {
        PageFixture.form.map { $0.replacing("Amara Okafor", with: name).replacing("02/14/1970", with: born) }
    }

    private func parts(_ pages: [[String]]) -> DocumentReading {
        DocumentReading(
            pages.enumerated().map { PageFixture.lines($1, number: $0 + 1) }, dictionaries: PageFixture.dictionaries,
            today: PageFixture.today)
    }

    @Test("a cover sheet, a referral, a note and a card are told apart and belong to one patient")
    func kinds() {
        let card = [
            "Acme Health", "Member Name: Amara Okafor", "Member ID: M7700123", "Rx BIN: 610014", "Copay: $25",
            "Present this card each time",
        ]
        let reading = parts([Self.cover, PageFixture.form, Self.note("Amara Okafor", "02/14/1970"), card])
        #expect(reading.parts.map(\.kind) == [.cover, .referral, .note, .card])
        #expect(reading.parts.map(\.patient) == [0, 1, 1, 1] && reading.patientCount == 1 && !reading.isUnsure)
    }

    @Test("pages that a cover tells of and that did not come are counted")
    func missing() {
        let rest = [PageFixture.form, Self.note("Amara Okafor", "02/14/1970")]
        #expect(parts([Self.cover] + rest).missingPages == 0)
        #expect(parts([Self.cover, PageFixture.form]).missingPages == 1)
        let excluding = Self.cover.map { $0.replacing("Pages including cover: 3", with: "Number of pages (excluding cover) 3") }
        #expect(parts([excluding] + rest).missingPages == 1)
        let silent = Self.cover.filter { !$0.hasPrefix("Pages") }
        #expect(parts([silent, PageFixture.form]).missingPages == 0)
    }

    @Test("a page that calls itself one of several tells how many there are")
    func corners() {
        #expect(parts([PageFixture.form + ["Page 1 of 2"]]).missingPages == 1)
        #expect(parts([PageFixture.form + ["Page 1 of 2"], Self.note("Amara Okafor", "02/14/1970") + ["Page 2 of 2"]]).missingPages == 0)
        #expect(parts([PageFixture.form + ["Page 9 of 2"]]).missingPages == 0)
    }

    @Test("two patients in one packet are two, with their notes, and never one")
    func twoPatients() {
        let reading = parts([
            PageFixture.form, Self.note("Amara Okafor", "02/14/1970"), Self.form("James Whitfield", "09/30/1988"),
            Self.note("James Whitfield", "09/30/1988"),
        ])
        #expect(reading.parts.map(\.patient) == [1, 1, 2, 2] && reading.patientCount == 2)
        #expect(
            reading.parts.filter { $0.kind == .referral }.map { $0.findings.first { $0.field == .familyName }?.value } == [
                "Okafor", "Whitfield",
            ])
    }

    @Test(
        "namesakes and twins are not merged: where only one of name and birth date agrees, a person decides",
        arguments: [("Amara Okafor", "03/15/1971"), ("Chidi Okafor", "02/14/1970")])
    func namesakes(_ name: String, _ born: String) {
        let reading = parts([PageFixture.form, Self.form(name, born)])
        let patients = reading.parts.map(\.patient)
        #expect(patients[0] == 1 && patients[1] != 1 && reading.isUnsure)
    }

    @Test("a page that names nobody joins the only patient, but nobody where there are two")
    func namelessPages() {
        let nameless = ["LABORATORY REPORT", "Specimen: Serum", "Hemoglobin 13.2", "Reference range", "Collected: 11/01/2026"]
        #expect(parts([PageFixture.form, nameless]).parts.map(\.patient) == [1, 1])
        let two = parts([PageFixture.form, Self.form("James Whitfield", "09/30/1988"), nameless])
        #expect(two.parts.map(\.patient) == [1, 2, 0] && two.isUnsure)
    }

    @Test("one wrong letter in a name makes nobody new")
    func wrongLetters() {
        #expect(parts([PageFixture.form, Self.note("Amara Okalor", "02/14/1970")]).parts.map(\.patient) == [1, 1])
    }

    @Test("an empty page is blank, and a packet of nothing asks a person")
    func blank() {
        let reading = PageFixture.read(PageFixture.page([]))
        #expect(reading.parts.map(\.kind) == [.blank] && reading.patientCount == 0)
    }
}
