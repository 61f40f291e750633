import HL7v2
import Referrals

/// Who refers: from PRD, else from PV1 and OBR.
struct ProviderReader {
    let message: HL7Message

    /// The provider who refers (RP), else the primary one (PP), else PV1-8 or OBR-16.
    func referrer() -> ReferralData.Party {
        for role in ["RP", "PP"] {
            guard let segment = provider(role) else { continue }
            let party = party(segment)
            if !party.isEmpty { return party }
        }
        for path: HL7Path in ["PV1-8", "OBR-16"] {
            let field = message.field(path)
            if field.isEmpty { continue }
            let provider = HL7Provider(field.first)
            var party = ReferralData.Party()
            party.name = provider.name.display
            party.number = said(provider.id)
            if !party.isEmpty { return party }
        }
        return ReferralData.Party()
    }

    /// The organisation that the referring provider belongs to: PRD-10 (2.7 on), PRD-4, or the sending facility's name.
    func practice() -> ReferralData.Party {
        var party = ReferralData.Party()
        party.isOrganization = true
        guard let segment = provider("RP") ?? provider("PP") else { return party }
        let organization = segment[10].first
        party.name = [organization[1].value, segment[4].first[9].value, segment[4].first[4].value].map(said).first { !$0.isEmpty } ?? ""
        party.number = said(organization[10].value)
        party.phone = Telecom.number(in: segment[5])
        return party
    }

    private func provider(_ role: String) -> HL7Segment? {
        message.segments("PRD").first { segment in segment[1].repetitions.contains { $0.value.uppercased() == role } }
    }

    private func party(_ segment: HL7Segment) -> ReferralData.Party {
        var party = ReferralData.Party()
        party.name = segment[2].repetitions.first.map { HL7Name($0).display } ?? ""
        party.number = number(segment[7])
        party.phone = Telecom.number(in: segment[5])
        party.email = segment[5].repetitions.map { Telecom.email(HL7Telecom($0)) }.first { !$0.isEmpty } ?? ""
        return party
    }

    /// The national number among the identifiers (PLN: number, kind), else the first.
    private func number(_ field: HL7Field) -> String {
        let all = field.repetitions
        let national = all.first { ["NPI", "UPIN"].contains($0[2].value.uppercased()) }
        return said((national ?? all.first)?.value ?? "")
    }
}

/// A text, or nothing where it is HL7's explicit null.
private func said(_ text: String) -> String { text == HL7Message.null ? "" : text }

/// IN1: who pays.
struct InsuranceReader {
    let message: HL7Message

    func read(into data: inout ReferralData) {
        guard let segment = message[segment: "IN1", 0] else { return }
        data.payer.isOrganization = true
        data.payer.number = said(segment[3].value)
        data.payer.name = said(segment[4].value)
        let member = segment[49].value.isEmpty ? segment[36].value : segment[49].value
        let plan = segment[2].first[2].value.isEmpty ? segment[2].value : segment[2].first[2].value
        for (name, text) in [
            ("member_number", member), ("group_number", segment[8].value), ("plan", plan), ("relationship", relationship(segment[17])),
        ] where !text.isEmpty {
            data.coverage[name] = text == HL7Message.null ? .null : .text(text)
        }
        for (name, field) in [("date_start", 12), ("date_end", 13)] {
            if segment[field].isNull { data.coverage[name] = .null }
            if let day = HL7Time(segment[field].value)?.day(atLeast: .day) { data.coverage[name] = .day(day) }
        }
    }

    /// Table 0063.
    private func relationship(_ field: HL7Field) -> String {
        switch field.value.uppercased() {
        case "SEL", "SELF", "18": "self"
        case "SPO", "SPOUSE", "01": "spouse"
        case "CHD", "CHILD", "19": "child"
        case "PAR", "MTH", "FTH": "parent"
        case "", HL7Message.null: field.value
        default: "other"
        }
    }
}
