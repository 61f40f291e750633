extension HL7Error {
    static func noVersion(at position: HL7Position) -> HL7Error {
        HL7Error("hl7.no_version", "MSH-12 is empty.", "Put the version into MSH-12, for instance 2.5.1.", at: position.field(12))
    }

    static func unknownVersion(_ version: String, at position: HL7Position) -> HL7Error {
        HL7Error(
            "hl7.unknown_version", "MSH-12 names no published version.", "Put a version from 2.1 to 2.8.2 into MSH-12.",
            at: position.field(12), context: version)
    }

    static func noStructure(at position: HL7Position) -> HL7Error {
        HL7Error(
            "hl7.no_structure", "MSH-9 does not tell the message's structure.",
            "Put message code and event into MSH-9, and from 2.3.1 on the structure.", at: position.field(9))
    }

    static func namelessSegment(at position: HL7Position) -> HL7Error {
        HL7Error("hl7.malformed_segment", "A segment has no name.", "Begin each line with a segment name.", at: position)
    }

    static func typeMissing(_ segment: String, _ typed: Int, _ typing: Int, at position: HL7Position) -> HL7Error {
        HL7Error(
            "hl7.type_missing", "\(segment)-\(typed) has a value, but \(segment)-\(typing) does not name its type.",
            "Put the data type into \(segment)-\(typing), for instance ST.", at: position)
    }

    static func unknownType(_ name: String, _ version: HL7Version, at position: HL7Position) -> HL7Error {
        HL7Error(
            "hl7.unknown_type", "Version \(version.rawValue) has no such data type.", "Use a data type of that version.", at: position,
            context: name)
    }

    static func breaks(_ rule: HL7Rule, _ value: String, at position: HL7Position) -> HL7Error {
        let code: String
        if case .withdrawn = rule { code = "hl7.withdrawn" } else { code = "hl7.data_type" }
        return HL7Error(code, "The value must be \(rule.demand).", "Correct the value, or leave it out.", at: position, context: value)
    }
}

extension HL7Position {
    fileprivate func field(_ number: Int) -> HL7Position {
        var place = self
        place.field = number
        return place
    }
}
