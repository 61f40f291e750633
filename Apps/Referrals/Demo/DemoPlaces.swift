import Base
import Kernel

/// The hospitals of the demo and who they deal with.
struct DemoPlaces {
    struct Site {
        let name: String
        let city: String
        let zip: String
    }

    static let sites = [
        Site(name: "Northlake Medical Center", city: "Northlake", zip: "55701"),
        Site(name: "Southgate Community Hospital", city: "Southgate", zip: "55802"),
        Site(name: "Westfield Children's Hospital", city: "Westfield", zip: "56310"),
    ]
    /// Codes that the definitions know first.
    static let payerNames = [
        ("MERIDIAN", "Meridian Health"), ("BLUEHARBOR", "Blue Harbor Mutual"), ("SUMMIT", "Summit Care Plan"),
        ("EVERGREEN", "Evergreen Assurance"), ("FEDCARE", "Federal Care Programme"),
    ]
    private static let clinicNames = [
        "Maple Street Family Practice", "Harbor View Internal Medicine", "Cedar Ridge Clinic", "Prairie Women's Health",
        "Old Mill Paediatrics", "Stonebridge Primary Care", "Lakeside Walk-in Clinic", "Birchwood Geriatrics", "Fairmount Community Clinic",
        "Riverbend Rural Health Center", "St Example's Mission Clinic", "Union Station Medical Group",
    ]
    private static let imagingNames = [
        "Clearview Imaging Northlake", "Clearview Imaging Southgate", "Beacon Radiology Partners", "Prism Mobile Imaging",
    ]

    let group: Int
    let hospitals: [Int]
    /// Organisations behind the hospitals.
    let organizations: [Int]
    let payers: [String: Int]
    let clinics: [Int]
    let imaging: [Int]

    /// Makes the group out of the main company, and everything around it.
    static func make(in env: Environment) throws -> DemoPlaces {
        let main = try Reference.require("base.main_company", env)
        let home = env.record(Company.self, main)
        try home.write(["name": "Lakeshore Health Group"])
        try home.partner?.write(["name": "Lakeshore Health Group"])
        let organizations = try env.create(
            Partner.self,
            sites.map { site in
                [
                    "name": .text(site.name), "is_company": true, "city": .text(site.city), "zip": .text(site.zip),
                    "function": "Hospital", "phone": "+1 218 555 0100",
                ]
            })
        let hospitals = try zip(sites, organizations.ids).enumerated().map { place, pair in
            try Reference.ensure(
                "referrals.demo_hospital_\(place + 1)", Company.self,
                [
                    "name": .text(pair.0.name), "parent_id": .int(main), "partner_id": .int(pair.1), "sequence": .int(place + 1),
                    "currency_id": home.currency.map { .int($0.id) } ?? .null,
                ], env
            ).id
        }
        try env.record(User.self, 2).write([
            "company_ids": .list([[6, 0, .ids([main] + hospitals)]]), "company_id": .int(hospitals[0]),
        ])
        let payers = try env.create(
            Partner.self, payerNames.map { ["name": .text($0.1), "ref": .text($0.0), "is_company": true, "function": "Payer"] })
        return DemoPlaces(
            group: main, hospitals: hospitals, organizations: organizations.ids,
            payers: Dictionary(uniqueKeysWithValues: zip(payerNames.map(\.0), payers.ids)),
            clinics: try organisations(clinicNames, "Clinic", 200, env),
            imaging: try organisations(imagingNames, "Imaging center", 300, env))
    }

    private static func organisations(_ names: [String], _ function: String, _ phone: Int, _ env: Environment) throws -> [Int] {
        try env.create(
            Partner.self,
            names.enumerated().map { place, name in
                let site = sites[place % sites.count]
                return [
                    "name": .text(name), "is_company": true, "function": .text(function), "city": .text(site.city), "zip": .text(site.zip),
                    "phone": .text("+1 \(phone + place) 555 0110"),
                ]
            }
        ).ids
    }
}
