import JSON
import Kernel

/// What a message says about a patient.
struct PatientData {
    struct Identifier: Hashable {
        let system: String
        let number: String
    }

    let familyName: String
    let givenName: String
    let birthDate: Day?
    let sex: String
    let mrn: String
    let phone: String
    let zip: String
    let street: String
    /// The number at a payer, where the message says one.
    let memberNumber: String
    let identifiers: [Identifier]

    init(_ values: ValueMap) {
        familyName = values["family_name"]?.textValue?.trimmed ?? ""
        givenName = values["given_name"]?.textValue?.trimmed ?? ""
        birthDate = values["birth_date"].flatMap { $0.textValue.flatMap { Day($0) } ?? Day.present($0) }
        sex = values["sex"]?.textValue ?? ""
        mrn = values["mrn"]?.textValue ?? ""
        phone = values["phone"]?.textValue ?? ""
        zip = values["zip"]?.textValue ?? ""
        street = values["street"]?.textValue ?? ""
        memberNumber = values["member_number"]?.textValue ?? ""
        identifiers = (values["identifiers"]?.listValue ?? []).compactMap { item in
            guard let map = item.mapValue, let system = map["system"]?.textValue, let number = map["value"]?.textValue else { return nil }
            return Identifier(system: system, number: number)
        }
    }
}

/// How alike a patient is to what a message says.
struct PatientScore {
    /// What a match may reach at most when something speaks against it: a person decides.
    private static let doubtful = 0.85
    /// From here on two names are taken for one that was mistyped.
    private static let sameName = 0.8
    private static let relatedName = 0.6
    /// What Bill is worth for William.
    private static let calledScore = 0.9

    let patient: Record<Patient>
    private(set) var score = 0.0
    private var points: [(String, Double, String)] = []

    init(of patient: Record<Patient>, against data: PatientData) {
        self.patient = patient
        let known = Set(patient.identifiers.map { PatientData.Identifier(system: $0.system, number: $0.number) })
        let shared = data.identifiers.contains(where: known.contains) || (!data.mrn.isEmpty && data.mrn == patient.mrn)
        if shared { add("identifier", 0.5, "same identifier") }
        add(
            "family name", 0.25 * NameSimilarity.score(patient.familyName, data.familyName),
            "\(NameSimilarity.percent(patient.familyName, data.familyName)) % alike")
        if NickNames.areSame(patient.givenName, data.givenName) {
            add("given name", 0.2 * Self.calledScore, "one is what the other is called")
        } else {
            add(
                "given name", 0.2 * NameSimilarity.score(patient.givenName, data.givenName),
                "\(NameSimilarity.percent(patient.givenName, data.givenName)) % alike")
        }
        addBirth(data.birthDate)
        if !data.sex.isEmpty, data.sex != "unknown", let sex = patient.sex, sex != .unknown {
            add("sex", sex.rawValue == data.sex ? 0.05 : -0.1, sex.rawValue == data.sex ? "same" : "different")
        }
        addPlace(data)
        if Self.digits(data.phone).count >= 7, Self.digits(data.phone) == Self.digits(patient.phone) { add("phone", 0.15, "same") }
        score = max(0, min(1, score))
        if let doubt = doubt(data, shared), score > Self.doubtful { add(doubt, Self.doubtful - score, "a person decides") }
    }

    /// Who has moved is still the same person: another address takes nothing away, and is told.
    private mutating func addPlace(_ data: PatientData) {
        if !data.zip.isEmpty, !patient.zip.isEmpty {
            let isSame = data.zip.prefix(5) == patient.zip.prefix(5)
            add("ZIP code", isSame ? 0.1 : 0, isSame ? "same" : "different; may have moved")
        }
        if !data.street.isEmpty, !patient.street.isEmpty {
            let isSame = PlaceNames.letters(data.street) == PlaceNames.letters(patient.street)
            add("street", isSame ? 0.05 : 0, isSame ? "same" : "different; may have moved")
        }
        let number = PlaceNames.letters(data.memberNumber)
        if number.count >= 5, patient.coverages.contains(where: { PlaceNames.letters($0.memberNumber) == number }) {
            add("member number", 0.15, "same")
        }
    }

    /// What speaks against linking without asking, however much agrees: twins share an address, and numbers are mistyped.
    private func doubt(_ data: PatientData, _ shared: Bool) -> String? {
        let isCalled = NickNames.areSame(patient.givenName, data.givenName)
        let given = isCalled ? Self.calledScore : NameSimilarity.score(patient.givenName, data.givenName)
        let family = NameSimilarity.score(patient.familyName, data.familyName)
        if let born = data.birthDate, let known = patient.birthDate, born != known {
            let (year, month, day) = born.parts
            if !shared || Day(checking: year, day, month) != known { return "birth dates differ" }
        }
        if shared {
            let isNamed = !data.givenName.isEmpty && !patient.givenName.isEmpty
            return isNamed && given < Self.relatedName ? "given names differ" : nil
        }
        let systems = Dictionary(patient.identifiers.map { ($0.system, $0.number) }) { first, _ in first }
        if data.identifiers.contains(where: { systems[$0.system].map { $0.isEmpty } == false }) { return "numbers of one system differ" }
        if data.birthDate == nil || patient.birthDate == nil { return "a birth date is missing" }
        if given < Self.sameName { return "given names differ" }
        return family < Self.sameName ? "family names differ" : nil
    }

    private mutating func addBirth(_ born: Day?) {
        guard let born, let known = patient.birthDate else { return }
        let (year, month, day) = born.parts
        if born == known {
            add("birth date", 0.35, "same")
        } else if Day(checking: year, day, month) == known {
            add("birth date", 0.2, "day and month swapped")
        } else {
            add("birth date", -0.3, "different")
        }
    }

    private mutating func add(_ what: String, _ value: Double, _ note: String) {
        score += value
        points.append((what, value, note))
    }

    private static func digits(_ text: String) -> [UInt8] { Array(text.utf8.filter { (0x30...0x39).contains($0) }.suffix(10)) }

    var explanation: JSON { Explanation.json(points) }
}

/// How alike two referrals of one patient are.
struct ReferralScore {
    private(set) var score = 0.0
    private var points: [(String, Double, String)] = []

    init(of other: Record<Referral>, against referral: Record<Referral>) {
        add("patient", 0.4, "same")
        if !referral.externalId.isEmpty, other.externalId == referral.externalId, other.sender == referral.sender {
            add("number at the sender", 0.5, "same")
        }
        if let specialty = referral.specialty {
            add("specialty", other.specialty == specialty ? 0.3 : -0.3, other.specialty == specialty ? "same" : "different")
        }
        if let referrer = referral.referrer, other.referrer == referrer { add("referrer", 0.1, "same") }
        if !referral.diagnosisCodes.isEmpty, other.diagnosisCodes == referral.diagnosisCodes { add("diagnosis codes", 0.15, "same") }
        score = max(0, min(1, score))
    }

    private mutating func add(_ what: String, _ value: Double, _ note: String) {
        score += value
        points.append((what, value, note))
    }

    var explanation: JSON { Explanation.json(points) }
}

enum Explanation {
    static func json(_ points: [(String, Double, String)]) -> JSON {
        .array(points.map { .object(["what": .string($0.0), "points": .double(($0.1 * 1000).rounded() / 1000), "note": .string($0.2)]) })
    }
}

/// How alike two names are: 1 for the same, less per typing mistake.
enum NameSimilarity {
    /// The longest name that is compared.
    private static let lengthLimit = 120

    static func percent(_ left: String, _ right: String) -> Int { Int((score(left, right) * 100).rounded()) }

    /// 1 minus the share of letters that must be changed, inserted, left out or swapped with their neighbour.
    static func score(_ left: String, _ right: String) -> Double {
        let first = letters(left)
        let second = letters(right)
        if first.isEmpty || second.isEmpty { return 0 }
        if first == second { return 1 }
        let longest = max(first.count, second.count)
        return max(0, 1 - Double(distance(first, second)) / Double(longest))
    }

    private static func letters(_ name: String) -> [Character] { Array(name.lowercased().filter { $0.isLetter }.prefix(lengthLimit)) }

    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var before: [Int] = []
        var previous = Array(0...right.count)
        for row in 1...left.count {
            var current = [row] + Array(repeating: 0, count: right.count)
            for column in 1...right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                current[column] = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    current[column] = min(current[column], before[column - 2] + 1)
                }
            }
            before = previous
            previous = current
        }
        return previous[right.count]
    }
}
