import Kernel

/// A person or an organisation that one deals with; a practitioner, a practice, a payer or a supplier.
public struct Partner: Model {
    public static let name = "res.partner"
    public static let title = "Contact"
    public static let order = "name, id"
    public static let hasChatter = true
    public static let searchFields = ["name", "email", "ref"]

    /// What an address is for.
    public enum Kind: String, SelectionValue { case contact, invoice, delivery, other }

    public let displayedName = Char("name", "Name", .required, .indexed(.trigram), .tracked)
    public let isCompany = Flag("is_company", "Is a company", .initial(false))
    public let parent = Many2one<Partner>("parent_id", "Belongs to", .indexed)
    public let children = One2many<Partner>("child_ids", inverse: \.parent, "Contacts")
    public let kind = Selection<Kind>("type", initial: .contact, "Address type")
    public let email = Char("email", "Email", .indexed, .tracked)
    public let phone = Char("phone", "Phone")
    public let street = Char("street")
    public let street2 = Char("street2")
    public let city = Char("city")
    public let zip = Char("zip")
    public let state = Many2one<CountryState>("state_id", "State")
    public let country = Many2one<Country>("country_id", "Country")
    public let taxId = Char("vat", "Tax ID", .indexed(.btreeNotNull))
    public let website = Char("website")
    public let function = Char("function", "Job position")
    public let language = Char("lang", "Language")
    public let timeZone = Char("tz", "Time zone")
    public let reference = Char("ref", "Reference", .indexed)
    public let user = Many2one<User>("user_id", "Person in charge")
    public let company = Many2one<Company>("company_id", "Company", .indexed)
    /// What a company's scanners read for the contact.
    public let barcode = Char("barcode", "Barcode", .byCompany, .indexed, .notCopied)
    public let picture = Image("image_1920", maxWidth: 1_920, maxHeight: 1_920, "Image")
    public let picture1024 = Image("image_1024", maxWidth: 1_024, maxHeight: 1_024, "Image 1024", .related("image_1920", stored: true))
    public let picture512 = Image("image_512", maxWidth: 512, maxHeight: 512, "Image 512", .related("image_1920", stored: true))
    public let picture256 = Image("image_256", maxWidth: 256, maxHeight: 256, "Image 256", .related("image_1920", stored: true))
    public let picture128 = Image("image_128", maxWidth: 128, maxHeight: 128, "Image 128", .related("image_1920", stored: true))
    public let tags = Many2many<PartnerTag>("category_id", "Tags")
    public let comment = Html("comment", "Notes")
    public let color = Integer("color")
    public let active = Flag("active", "Active", .initial(true))
    public let companyKind = Char(
        "company_type", "Company type",
        .computed(on: "is_company") { (partner: Record<Partner>) in partner.isCompany ? "company" : "person" },
        .inverse { records, value in try records.write(["is_company": .bool(value == "company")]) })
    public let commercialPartner = Many2one<Partner>(
        "commercial_partner_id", "Commercial entity",
        .computedTogether(on: "parent_id", "is_company") { records in
            try records.ids.map { .int(try Partner.commercialEntity(of: $0, in: records)) }
        })

    public static let constraints = [
        Constraint<Partner>("parent_id") { partner in
            var seen: Set<Int> = [partner.id]
            var above = partner.parent
            while let next = above {
                guard seen.insert(next.id).inserted else {
                    throw Refusal(
                        "contact.circle", .validation, "You cannot create recursive Partner hierarchies.",
                        instruction: "Choose another parent.")
                }
                above = next.parent
            }
        }
    ]

    public init() {}

    private static func commercialEntity(of id: Int, in records: Records) throws -> Int {
        var current = id
        var steps = 0
        while steps < 50 {
            steps += 1
            let partner = records.env.record(Partner.self, current)
            guard !partner.isCompany, let parent = partner.parent else { return current }
            current = parent.id
        }
        return current
    }
}

/// A label for contacts.
public struct PartnerTag: Model {
    public static let name = "res.partner.category"
    public static let title = "Contact tag"

    public let displayedName = Char("name", "Name", .required)
    public let color = Integer("color")
    public let parent = Many2one<PartnerTag>("parent_id", "Above")
    public let active = Flag("active", .initial(true))

    public init() {}
}

/// A country.
public struct Country: Model {
    public static let name = "res.country"
    public static let title = "Country"
    public static let order = "name"
    public static let searchFields = ["name", "code"]
    public static let unique = [Unique("code", message: "The code of the country must be unique!")]

    public let displayedName = Char("name", "Name", .required)
    /// ISO 3166-1 alpha-2.
    public let code = Char("code", "Code", .required, .size(2))
    public let phoneCode = Integer("phone_code", .aggregator(nil))
    public let states = One2many<CountryState>("state_ids", inverse: \.country)

    public init() {}
}

/// A state or province of a country.
public struct CountryState: Model {
    public static let name = "res.country.state"
    public static let title = "State"
    public static let order = "code"
    public static let searchFields = ["name", "code"]

    public let displayedName = Char("name", "Name", .required)
    public let code = Char("code", "Code", .required)
    public let country = Many2one<Country>("country_id", .required, .indexed)

    public init() {}
}

/// A currency.
public struct Currency: Model {
    public static let name = "res.currency"
    public static let title = "Currency"
    public static let order = "active desc, name"
    public static let unique = [Unique("name", message: "The currency code must be unique!")]

    /// ISO 4217.
    public let displayedName = Char("name", "Currency", .required, .size(3))
    public let fullName = Char("full_name", "Name")
    public let symbol = Char("symbol", .required)
    /// What amounts are rounded to, a half away from zero; 0 stands for the decimal places.
    public let rounding = Float("rounding", "Rounding factor", .digits(12, 6), .initial(0.01), .aggregator(nil))
    public let decimalPlaces = Integer("decimal_places", "Decimal places", .initial(2), .aggregator(nil))
    public let active = Flag("active", .initial(true))

    public static let roundingStep: (@Sendable (Record<Currency>) throws -> Amount)? = { currency in
        if let step = Amount(currency.rounding), step > .zero { return step }
        return Currency.step(places: currency.decimalPlaces)
    }

    public static let lifecycle = Lifecycle<Currency>(
        beforeCreate: { values, _ in Currency.align(&values) }, beforeWrite: { _, values in Currency.align(&values) })

    public static let constraints = [
        Constraint<Currency>("rounding", "decimal_places") { currency in
            guard (0...1_000_000).contains(currency.rounding), (0...6).contains(currency.decimalPlaces) else {
                throw Refusal(
                    "currency.rounding", .validation, "The rounding factor must be greater than 0, with at most six decimal places.",
                    instruction: "Choose a factor such as 0.01.")
            }
        }
    ]

    public init() {}

    /// Places follow the factor, and the factor follows places that are given alone.
    private static func align(_ values: inout ValueMap) {
        if let factor = values["rounding"], let step = Amount(Double(fieldValue: factor)), step > .zero {
            var places = 0
            while places < 6, step.units % Currency.step(places: places).units != 0 { places += 1 }
            values["decimal_places"] = .int(places)
        } else if values["rounding"] == nil, let places = values["decimal_places"]?.intValue {
            values["rounding"] = .double(Currency.step(places: places).double)
        }
    }

    private static func step(places: Int) -> Amount {
        var units = Amount.scale
        for _ in 0..<max(0, min(places, 6)) { units /= 10 }
        return Amount(units: units)
    }
}

/// An organisation of the group: a hospital, a clinic, the holding.
public struct Company: Model {
    public static let name = "res.company"
    public static let title = "Company"
    public static let order = "sequence, name"
    public static let unique = [Unique("name", message: "The company name must be unique!")]

    public let displayedName = Char("name", "Company name", .required)
    public let sequence = Integer("sequence", .initial(10))
    public let parent = Many2one<Company>("parent_id", "Parent company")
    public let children = One2many<Company>("child_ids", inverse: \.parent, "Branches")
    public let partner = Many2one<Partner>("partner_id", "Contact")
    public let currency = Many2one<Currency>("currency_id", "Currency")
    public let email = Char("email")
    public let phone = Char("phone")
    public let active = Flag("active", .initial(true))

    public init() {}
}
