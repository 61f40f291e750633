/// What the PID segment says of a patient.
public struct HL7PatientIdentification: Sendable, Hashable {
    /// PID-3, then PID-2 and PID-4.
    public let identifiers: [HL7Identifier]
    /// PID-5.
    public let names: [HL7Name]
    /// PID-7.
    public let birth: HL7Time?
    /// Table 0001: `F`, `M`, `O`, `U` and others.
    public let sex: String
    /// PID-11.
    public let addresses: [HL7Address]
    /// PID-13.
    public let homeTelecoms: [HL7Telecom]
    /// PID-14.
    public let businessTelecoms: [HL7Telecom]
    /// PID-29.
    public let death: HL7Time?

    /// Reads a PID segment; identifiers are those of PID-3, then PID-2 and PID-4 of older versions.
    public init(_ segment: HL7Segment) {
        identifiers = [3, 2, 4].flatMap { segment[$0].repetitions.filter { !$0.isEmpty }.map(HL7Identifier.init) }
        names = segment[5].repetitions.map(HL7Name.init)
        birth = HL7Time(segment[7].value)
        sex = segment[8].value
        addresses = segment[11].repetitions.map(HL7Address.init)
        homeTelecoms = segment[13].repetitions.map(HL7Telecom.init)
        businessTelecoms = segment[14].repetitions.map(HL7Telecom.init)
        death = HL7Time(segment[29].value)
    }
}

extension HL7Message {
    /// What the first PID segment says; `nil` when there is none.
    public var patient: HL7PatientIdentification? { self[segment: "PID", 0].map(HL7PatientIdentification.init) }
}
