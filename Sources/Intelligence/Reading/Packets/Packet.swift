/// Puts the pages of a packet together to parts, and parts to patients; two patients are never merged.
struct Packet {
    private(set) var parts: [DocumentReading.Part] = []
    private(set) var patientCount = 0
    private(set) var isUnsure = false
    private var persons: [PersonSeen] = []

    init(_ sheets: [ReadSheet]) {
        var members: [[ReadSheet]] = []
        for sheet in sheets {
            if let last = members.last?.last, Packet.continues(sheet, last) {
                members[members.count - 1].append(sheet)
            } else {
                members.append([sheet])
            }
        }
        for group in members { parts.append(part(of: group)) }
        assignRest()
        isUnsure = parts.contains { $0.patient == 0 && $0.kind != .cover && $0.kind != .blank } || parts.isEmpty
        patientCount = persons.count
    }

    /// Whether a page goes on where the last one ended: the same kind, nobody else, and no beginning of its own.
    private static func continues(_ sheet: ReadSheet, _ last: ReadSheet) -> Bool {
        guard sheet.kind == last.kind || (sheet.kind == .other && sheet.kindConfidence < 0.5), sheet.kind != .cover, sheet.kind != .card
        else {
            return false
        }
        if let isSame = sheet.person.isSame(as: last.person) { return isSame && sheet.kind != .referral }
        return !sheet.person.isKnown && sheet.kind != .referral
    }

    private mutating func part(of sheets: [ReadSheet]) -> DocumentReading.Part {
        let kind = sheets[0].kind
        var patient = 0
        if kind != .cover, kind != .blank, let person = sheets.map(\.person).first(where: \.isKnown) { patient = number(of: person) }
        let findings = kind == .referral ? FindingChoice.best(sheets) : []
        return DocumentReading.Part(
            kind: kind, kindConfidence: sheets.map(\.kindConfidence).min() ?? 0, pages: sheets.map(\.page.number), patient: patient,
            findings: findings)
    }

    /// The number of a person in this packet: a known one only when nothing speaks against it.
    private mutating func number(of person: PersonSeen) -> Int {
        let verdicts = persons.map { $0.isSame(as: person) }
        if let same = verdicts.firstIndex(of: true), verdicts.count(where: { $0 == true }) == 1 { return same + 1 }
        // Somebody who may be one of them or not: a person decides.
        if verdicts.contains(where: { $0 == nil }) || verdicts.count(where: { $0 == true }) > 1 { return 0 }
        persons.append(person)
        return persons.count
    }

    /// What names nobody belongs to the only patient there is; with two of them, to nobody until a person says so.
    private mutating func assignRest() {
        guard persons.count == 1 else { return }
        let isDoubtful = parts.contains { $0.patient == 0 && $0.kind == .referral }
        guard !isDoubtful else { return }
        for place in parts.indices where parts[place].patient == 0 && parts[place].kind != .cover && parts[place].kind != .blank {
            parts[place].patient = 1
        }
    }
}
