/// A person's name, HL7 type XPN; PN of older versions has the same first components.
public struct HL7Name: Sendable, Hashable {
    /// Family name.
    public let family: String
    /// First name.
    public let given: String
    /// Further names or initials.
    public let middle: String
    /// For instance `Jr`.
    public let suffix: String
    /// For instance `Dr`.
    public let prefix: String
    /// For instance `MD`.
    public let degree: String
    /// Table 0200: `L` legal, `D` display, `M` maiden, `N` nickname and others.
    public let typeCode: String

    /// Reads a name from one repetition of an XPN field.
    public init(_ repetition: HL7Repetition) { self.init(repetition, from: 1, typeAt: 7) }

    /// Reads a name whose family name is at component `first`.
    init(_ repetition: HL7Repetition, from first: Int, typeAt type: Int) {
        family = repetition[first].value
        given = repetition[first + 1].value
        middle = repetition[first + 2].value
        suffix = repetition[first + 3].value
        prefix = repetition[first + 4].value
        degree = repetition[first + 5].value
        typeCode = repetition[type].value
    }

    /// The name as people write it: `Dr Jane Ann Doe Jr`.
    public var display: String {
        [prefix, given, middle, family, suffix].filter { !$0.isEmpty && $0 != HL7Message.null }.joined(separator: " ")
    }
}

/// A postal address, HL7 type XAD; AD of older versions has the same first components.
public struct HL7Address: Sendable, Hashable {
    /// Street and number.
    public let street: String
    /// A second line.
    public let other: String
    /// City.
    public let city: String
    /// State or province.
    public let state: String
    /// Postal code.
    public let postalCode: String
    /// Country.
    public let country: String
    /// Table 0190: `H` home, `B` business, `M` mailing and others.
    public let typeCode: String
    /// County or parish.
    public let county: String

    /// Reads an address from one repetition of an XAD field.
    public init(_ repetition: HL7Repetition) {
        street = repetition[1].value
        other = repetition[2].value
        city = repetition[3].value
        state = repetition[4].value
        postalCode = repetition[5].value
        country = repetition[6].value
        typeCode = repetition[7].value
        county = repetition[9].value
    }
}

/// An identifier with who assigned it, HL7 type CX.
public struct HL7Identifier: Sendable, Hashable {
    /// The identifier itself.
    public let id: String
    /// Its check digit.
    public let checkDigit: String
    /// Who assigned it.
    public let authority: HL7Authority
    /// Table 0203: `MR` medical record, `SS` social security, `NPI` and others.
    public let typeCode: String

    /// Reads an identifier from one repetition of a CX field.
    public init(_ repetition: HL7Repetition) {
        id = repetition[1].value
        checkDigit = repetition[2].value
        authority = HL7Authority(repetition[4])
        typeCode = repetition[5].value
    }
}

/// Who assigned an identifier, HL7 type HD: a local name, a universal id, or both.
public struct HL7Authority: Sendable, Hashable {
    /// The local name.
    public let namespace: String
    /// For instance an OID.
    public let universalId: String
    /// Table 0301: `ISO`, `DNS`, `UUID` and others.
    public let universalIdType: String

    /// Reads an authority from a component's subcomponents.
    public init(_ component: HL7Component) {
        namespace = component[1]
        universalId = component[2]
        universalIdType = component[3]
    }
}

/// A telephone number or e-mail address, HL7 type XTN; TN of older versions is its first component.
public struct HL7Telecom: Sendable, Hashable {
    /// The number as one text.
    public let text: String
    /// Table 0201: `PRN` primary home, `WPN` work and others.
    public let use: String
    /// Table 0202: `PH` telephone, `CP` mobile, `FX` fax, `Internet` e-mail and others.
    public let equipment: String
    /// E-mail or other address.
    public let email: String
    /// Country.
    public let country: String
    /// Area code.
    public let area: String
    /// The local part of the number.
    public let local: String
    /// Extension.
    public let extensionNumber: String

    /// Reads a telecommunication address from one repetition of an XTN field.
    public init(_ repetition: HL7Repetition) {
        text = repetition[1].value
        use = repetition[2].value
        equipment = repetition[3].value
        email = repetition[4].value
        country = repetition[5].value
        area = repetition[6].value
        local = repetition[7].value
        extensionNumber = repetition[8].value
    }

    /// The number from its text, or put together from its parts where there is none.
    public var number: String {
        guard text.isEmpty else { return text }
        let parts = [country.isEmpty ? "" : "+" + country, area, local, extensionNumber.isEmpty ? "" : "x" + extensionNumber]
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }
}

/// A provider: an identifier with a name, HL7 type XCN; CN of older versions has the same first components.
public struct HL7Provider: Sendable, Hashable {
    /// The identifier itself.
    public let id: String
    /// The provider's name.
    public let name: HL7Name
    /// Who assigned it.
    public let authority: HL7Authority
    /// Table 0203, for instance `NPI`.
    public let typeCode: String

    /// Reads a provider from one repetition of an XCN field.
    public init(_ repetition: HL7Repetition) {
        id = repetition[1].value
        name = HL7Name(repetition, from: 2, typeAt: 10)
        authority = HL7Authority(repetition[9])
        typeCode = repetition[13].value
    }
}
