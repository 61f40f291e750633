import Kernel

/// The records without which no database works: a currency, a company, the system user and the administrator.
enum Essentials {
    static func records(_ env: Environment) throws {
        if try Reference.find("base.user_admin", env) != nil { return }
        let dollar = try Reference.ensure(
            "base.USD", Currency.self, ["name": "USD", "full_name": "United States dollar", "symbol": "$"], env)
        try Reference.ensure("base.EUR", Currency.self, ["name": "EUR", "full_name": "Euro", "symbol": "€"], env)
        try Reference.ensure("base.GBP", Currency.self, ["name": "GBP", "full_name": "Pound sterling", "symbol": "£"], env)
        let home = try Reference.ensure("base.main_partner", Partner.self, ["name": "My Organisation", "is_company": true], env)
        let company = try Reference.ensure(
            "base.main_company", Company.self, ["name": "My Organisation", "partner_id": .int(home.id), "currency_id": .int(dollar.id)], env
        )
        for (externalId, login, name) in [("base.user_root", "__system__", "System"), ("base.user_admin", "admin", "Administrator")] {
            try Reference.ensure(
                externalId, User.self,
                [
                    "login": .text(login), "name": .text(name), "company_id": .int(company.id),
                    "company_ids": .list([[6, 0, .ids([company.id])]]),
                    "group_ids": .list([]), "active": .bool(login == "admin"),
                ], env)
        }
        for (code, name, phone) in Places.countries {
            try Reference.ensure(
                "base.\(code.lowercased())", Country.self, ["name": .text(name), "code": .text(code), "phone_code": .int(phone)], env)
        }
        let usa = try Reference.require("base.us", env)
        for (code, name) in Places.states {
            try Reference.ensure(
                "base.state_us_\(code.lowercased())", CountryState.self,
                ["name": .text(name), "code": .text(code), "country_id": .int(usa)], env)
        }
    }
}

/// Countries and states that addresses need first; more come by import.
enum Places {
    static let countries: [(String, String, Int)] = [
        ("US", "United States", 1), ("CA", "Canada", 1), ("MX", "Mexico", 52), ("GB", "United Kingdom", 44), ("IE", "Ireland", 353),
        ("DE", "Germany", 49), ("FR", "France", 33), ("ES", "Spain", 34), ("PT", "Portugal", 351), ("IT", "Italy", 39),
        ("NL", "Netherlands", 31),
        ("BE", "Belgium", 32), ("LU", "Luxembourg", 352), ("CH", "Switzerland", 41), ("AT", "Austria", 43), ("SE", "Sweden", 46),
        ("NO", "Norway", 47),
        ("DK", "Denmark", 45), ("FI", "Finland", 358), ("PL", "Poland", 48), ("CZ", "Czechia", 420), ("AU", "Australia", 61),
        ("NZ", "New Zealand", 64),
        ("IN", "India", 91), ("JP", "Japan", 81), ("BR", "Brazil", 55), ("ZA", "South Africa", 27), ("AE", "United Arab Emirates", 971),
        ("SG", "Singapore", 65),
    ]

    static let states: [(String, String)] = [
        ("AL", "Alabama"), ("AK", "Alaska"), ("AZ", "Arizona"), ("AR", "Arkansas"), ("CA", "California"), ("CO", "Colorado"),
        ("CT", "Connecticut"),
        ("DE", "Delaware"), ("DC", "District of Columbia"), ("FL", "Florida"), ("GA", "Georgia"), ("HI", "Hawaii"), ("ID", "Idaho"),
        ("IL", "Illinois"),
        ("IN", "Indiana"), ("IA", "Iowa"), ("KS", "Kansas"), ("KY", "Kentucky"), ("LA", "Louisiana"), ("ME", "Maine"), ("MD", "Maryland"),
        ("MA", "Massachusetts"), ("MI", "Michigan"), ("MN", "Minnesota"), ("MS", "Mississippi"), ("MO", "Missouri"), ("MT", "Montana"),
        ("NE", "Nebraska"),
        ("NV", "Nevada"), ("NH", "New Hampshire"), ("NJ", "New Jersey"), ("NM", "New Mexico"), ("NY", "New York"), ("NC", "North Carolina"),
        ("ND", "North Dakota"), ("OH", "Ohio"), ("OK", "Oklahoma"), ("OR", "Oregon"), ("PA", "Pennsylvania"), ("RI", "Rhode Island"),
        ("SC", "South Carolina"), ("SD", "South Dakota"), ("TN", "Tennessee"), ("TX", "Texas"), ("UT", "Utah"), ("VT", "Vermont"),
        ("VA", "Virginia"),
        ("WA", "Washington"), ("WV", "West Virginia"), ("WI", "Wisconsin"), ("WY", "Wyoming"),
    ]
}
