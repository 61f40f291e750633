import Base
import Kernel

/// Services of the demo by specialty and site, with slots of past and coming weeks.
struct DemoServices {
    struct Offer {
        let id: Int
        let specialty: String
        let site: Int
        /// Codes of the payers in whose network it is; none means all.
        let payers: [String]
    }

    static let weeksAhead = 4
    static let weeksBack = 4
    private static let hours = [14, 15, 17, 19]
    private static let minutes = 45

    let offers: [Offer]

    static func make(_ places: DemoPlaces, _ people: DemoPeople, in env: Environment) throws -> DemoServices {
        let specialties = try env.search(Specialty.self, order: "code")
        var drafts: [(values: ValueMap, specialty: String, site: Int, payers: [String])] = []
        for (row, specialty) in specialties.enumerated() {
            for site in 0..<DemoPlaces.sites.count where (row + site) % 4 != 3 {
                let payers = restricted(row, site)
                let place = (row * 3 + site) % people.practitioners.count
                let team = (0..<3).map { people.practitioners[(place + $0 * 11) % people.practitioners.count].id }
                drafts.append(
                    (
                        [
                            "name": .text("\(specialty.displayedName), \(DemoPlaces.sites[site].city)"), "specialty_id": .int(specialty.id),
                            "organization_id": .int(places.organizations[site]), "zip": .text(DemoPlaces.sites[site].zip),
                            "company_id": .int(places.hospitals[site]), "waiting_days": .int(3 + (row * 5 + site * 7) % 25),
                            "takes_urgent": .bool((row + site) % 5 != 4), "practitioner_ids": .list([[6, 0, .ids(team)]]),
                            "payer_ids": .list([[6, 0, .ids(payers.compactMap { places.payers[$0] })]]),
                        ], specialty.code, site, payers
                    ))
            }
        }
        let made = try env.create(Service.self, drafts.map(\.values))
        for service in made { try makeSlots(of: service, in: env) }
        return DemoServices(
            offers: zip(drafts, made.ids).map { Offer(id: $1, specialty: $0.specialty, site: $0.site, payers: $0.payers) })
    }

    private static func restricted(_ row: Int, _ site: Int) -> [String] {
        switch (row * 2 + site) % 5 {
        case 0: ["MERIDIAN", "SUMMIT", "FEDCARE"]
        case 3: ["BLUEHARBOR", "EVERGREEN", "MERIDIAN"]
        default: []
        }
    }

    private static func makeSlots(of service: Record<Service>, in env: Environment) throws {
        let team = service.practitioners.ids
        var rows: [ValueMap] = []
        for offset in (-7 * weeksBack)...(7 * weeksAhead) {
            let day = env.today + offset
            if day.isoWeekday > 5 || offset == 0 { continue }
            for (place, hour) in hours.enumerated() where offset > 0 || place == 0 {
                let start = Instant(day, secondOfDay: hour * 3_600)
                rows.append([
                    "service_id": .int(service.id), "practitioner_id": .int(team[place % team.count]), "start": .instant(start),
                    "stop": .instant(start + minutes * 60),
                ])
            }
        }
        try env.create(Slot.self, rows)
    }
}
