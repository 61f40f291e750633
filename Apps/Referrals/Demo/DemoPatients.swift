import Base
import Crypto
import Kernel

/// Patients of the demo: invented people in several languages and scripts.
struct DemoPatients {
    /// One patient as a message would describe them.
    struct Draft {
        let values: ValueMap
        let memberNumber: String
    }

    private static let family = [
        "Testbrook", "Samplewick", "Mockford", "Fictiveaux", "Dummerling", "Placeholder", "Exempel", "Prøvesen", "Ejemplar", "Próbny",
        "Образцов", "演示", "テスト山", "تجريبي", "Δοκιμίδης", "नमूनेवाला", "דוגמא", "Örnekoğlu", "Mẫu", "견본",
    ]
    private static let given = [
        "Ada", "Björn", "Catalina", "Dũng", "Éloïse", "Фёдор", "小明", "ハナコ", "ليلى", "Ελένη", "अनीता", "יעל", "Işıl", "지우", "Zoë",
        "Mary-Jane", "Xavier", "Ngozi", "Tomasz", "Ruth",
    ]
    private static let languages = ["en_US", "es_MX", "zh_CN", "ar_SY", "ru_RU", "hi_IN", "vi_VN", "pl_PL", "fr_CA", "so_SO"]
    private static let longest = (
        family: "Wolfensteinhausenberger-Von-und-Zu-Beispielhofen-Musterkirchen-Testdorf-an-der-Probeheide",
        given: "Maximiliana Philippina Theodora Anastasia Wilhelmina Example Josephine Clementina"
    )

    let drafts: [Draft]

    static func make(_ count: Int, _ random: SeededRandomSource, today: Day) -> DemoPatients {
        DemoPatients(drafts: (0..<count).map { draft($0, random, today) })
    }

    private static func draft(_ place: Int, _ random: SeededRandomSource, _ today: Day) -> Draft {
        let isLong = place % 40 == 17
        let site = DemoPlaces.sites[place % DemoPlaces.sites.count]
        let born = today - (200 + random.number(below: place % 3 == 2 ? 6_000 : 31_000))
        let mrn = "D" + String(100_000 + place)
        var values: ValueMap = [
            "family_name": .text(isLong ? longest.family : family[place % family.count] + suffix(place / family.count)),
            "given_name": .text(isLong ? longest.given : given[(place * 7 + place / 20) % given.count]),
            "birth_date": .day(born), "sex": .text(["female", "male", "female", "male", "other", "unknown"][random.number(below: 6)]),
            "mrn": .text(mrn), "phone": .text("+1 \(200 + place) 555 01\(pad(random.number(below: 100)))"),
            "street": .text("\(1 + random.number(below: 900)) Example Street"), "city": .text(site.city),
            "zip": .text(String(site.zip.prefix(3)) + pad(random.number(below: 100))), "state_code": "MN", "country_code": "US",
            "lang": .text(languages[place % languages.count]), "message_consent": .bool(random.number(below: 4) > 0),
            "identifiers": .list([["system": "urn:oid:2.999.1.1", "value": .text(mrn)]]),
        ]
        if place % 5 != 0 { values["email"] = .text("patient\(place)@people.example") }
        return Draft(values: values, memberNumber: "M" + String(70_000_000 + place * 131))
    }

    /// Tells families apart whose names would be the same.
    private static func suffix(_ round: Int) -> String { ["", "-Lind", "-Ash", "-Rowan", "-Elm", "-Hazel", "-Yew"][round % 7] }

    private static func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
