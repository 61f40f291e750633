import Base
import Crypto
import Kernel

/// Practitioners of the demo, with numbers that pass the check but belong to the demo alone.
struct DemoPeople {
    struct Practitioner {
        let id: Int
        let name: String
        let number: String
        let clinic: Int
    }

    private static let given = [
        "Alba", "Bram", "Chidi", "Dara", "Eszter", "Farid", "Greta", "Hugo", "Ines", "Jun", "Kofi", "Lena", "Milo", "Noor", "Orla", "Pavel",
        "Quynh", "Rosa", "Sven", "Tariq", "Uma", "Vera", "Wim", "Ximena", "Yara",
    ]
    private static let family = [
        "Demoswell", "Fictional", "Mockridge", "Sampleton", "Testerman", "Exemplar", "Placeholm", "Stubbs-Fixture",
    ]

    let practitioners: [Practitioner]

    static func make(_ count: Int, clinics: [Int], in env: Environment) throws -> DemoPeople {
        let drafts = (0..<count).map { place in
            (
                name: "Dr \(given[place % given.count]) \(family[place * 3 % family.count])", number: npi(200_000_000 + place * 7_919),
                clinic: clinics[place % clinics.count]
            )
        }
        let made = try env.create(
            Partner.self,
            drafts.map { draft in
                [
                    "name": .text(draft.name), "ref": .text(draft.number), "parent_id": .int(draft.clinic), "function": "Physician",
                    "is_company": false,
                ]
            })
        return DemoPeople(
            practitioners: zip(drafts, made.ids).map { Practitioner(id: $1, name: $0.name, number: $0.number, clinic: $0.clinic) })
    }

    /// Ten digits of a national provider identifier: `1`, eight of a number, and the check digit.
    ///
    /// Source: 45 CFR 162.406; the check digit is Luhn's over the number with the prefix 80840.
    static func npi(_ number: Int) -> String {
        let digits = "1" + String(String(number + 1_000_000_000).suffix(8))
        return digits + String(checkDigit("80840" + digits))
    }

    /// Luhn's check digit of a number without one.
    static func checkDigit(_ text: String) -> Int {
        var sum = 0
        for (place, byte) in text.utf8.reversed().enumerated() {
            let digit = Int(byte) - 0x30
            let doubled = digit * 2
            sum += place % 2 == 0 ? (doubled > 9 ? doubled - 9 : doubled) : digit
        }
        return (10 - sum % 10) % 10
    }
}
