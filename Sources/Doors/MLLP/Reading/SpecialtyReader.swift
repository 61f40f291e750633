import HL7v2

/// What a referral calls the specialty that it asks for: codes of the catalogue and names, the likeliest first.
struct SpecialtyReader {
    let message: HL7Message

    func read() -> [String] {
        var found: [String] = []
        for path: HL7Path in ["RF1-3", "PV1-10"] {
            let field = message.field(path).first
            // A coded element has a second coding in components 4 and 5.
            for (code, text) in [(field[1].value, field[2].value), (field[4].value, field[5].value)] {
                if let known = Self.codes[code.uppercased()] { found.append(known) }
                if Self.general.contains(code.uppercased()) { continue }
                found += [code, text].filter { !$0.isEmpty && $0 != HL7Message.null && !found.contains($0) }
            }
        }
        return found
    }

    /// Values of table 0281 that name no specialty.
    private static let general: Set<String> = ["", "MED", "HOM", "LAB", "PSY", "SKN", "GEN"]

    /// NUCC taxonomy, SNOMED CT specialties and table 0281, as codes of the catalogue.
    private static let codes = [
        "207RC0000X": "CARD", "207N00000X": "DERM", "207RE0101X": "ENDO", "207RG0100X": "GAST", "2085R0202X": "IMAG",
        "2084N0400X": "NEUR", "207RX0202X": "ONCO", "207X00000X": "ORTH", "225100000X": "PHYS", "207RP1001X": "PULM",
        "208800000X": "UROL", "394579002": "CARD", "394582007": "DERM", "394583002": "ENDO", "394584008": "GAST", "394914008": "IMAG",
        "394591006": "NEUR", "394592004": "ONCO", "394801008": "ORTH", "418112009": "PULM", "394612005": "UROL", "RAD": "IMAG",
    ]
}
