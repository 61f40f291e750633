import Base
import Kernel
import Reading
import Referrals

/// The names that an organisation knows, by which they are recognised on worn pages.
enum OwnNames {
    /// Words by which people call a specialty, beside its name.
    private static let synonyms: [String: [String]] = [
        "CARD": ["Cardiologist", "Heart"], "DERM": ["Dermatologist", "Skin"], "ENDO": ["Endocrinologist", "Diabetes and endocrinology"],
        "GAST": ["Gastroenterologist", "GI", "Digestive health"], "IMAG": ["Imaging", "Radiology", "Medical imaging"],
        "NEUR": ["Neurologist"], "ONCO": ["Oncologist", "Hematology and oncology", "Hematology Oncology"],
        "ORTH": ["Orthopedics", "Orthopaedic surgery", "Orthopedic surgery"], "PHYS": ["Physical therapy", "Physiotherapist"],
        "PULM": ["Pulmonologist", "Pulmonary medicine", "Respiratory medicine"], "UROL": ["Urologist"],
    ]
    /// Organisations that are looked at for names.
    private static let partnerLimit = 2_000

    static func dictionaries(for document: Record<Document>) throws -> ReadingDictionaries {
        let env = document.env
        var names = ReadingDictionaries()
        for specialty in try env.search(Specialty.self, limit: 200) {
            for name in [specialty.displayedName] + (synonyms[specialty.code] ?? []) {
                names.specialties.append(.init(name, value: specialty.code))
            }
        }
        let site = document.company.map { Domain.where("company_id", .equal, false) | .where("company_id", .equal, .int($0.id)) } ?? .all
        let organisations = try env.search(Partner.self, .where("is_company", .equal, true) & site, order: "id", limit: partnerLimit)
        let payers = Set(try env.search(Coverage.self, order: "id desc", limit: partnerLimit).compactMap { $0.payer?.id })
        for organisation in organisations {
            let isPayer = payers.contains(organisation.id) || organisation.function == "Payer"
            if isPayer {
                names.payers.append(.init(organisation.displayedName))
            } else {
                names.practices.append(.init(organisation.displayedName))
            }
        }
        return names
    }
}
