import Crypto
import Kernel

/// What one referral of the demo is about, and how far it is to come.
struct DemoCase {
    /// Where the referral stays.
    enum Goal: CaseIterable {
        case arrived, incomplete, asked, doubled, similar, eligibility, needsAuthorization, submitted, pended, denied, triage, returned,
            toBook
        case outOfNetwork, deferred, scheduled, told, seen, noShow, noted, completed, closed, reopened
    }

    static let counts: [(Goal, Int)] = [
        (.arrived, 4), (.incomplete, 12), (.asked, 9), (.triage, 16), (.doubled, 4), (.similar, 4), (.eligibility, 12),
        (.needsAuthorization, 4), (.submitted, 6), (.pended, 4), (.denied, 4), (.returned, 3), (.toBook, 9), (.outOfNetwork, 5),
        (.deferred, 4), (.scheduled, 13), (.told, 11), (.seen, 6), (.noShow, 4), (.noted, 4), (.completed, 15), (.closed, 10),
        (.reopened, 2),
    ]

    static let diagnoses = [
        "CARD": "I25.10", "DERM": "L40.0", "ENDO": "E11.9", "GAST": "K21.9", "IMAG": "M54.5", "NEUR": "G43.909", "ONCO": "C50.919",
        "ORTH": "M17.11", "PHYS": "M25.561", "PULM": "J45.909", "UROL": "N40.1",
    ]
    private static let authorized = [("MERIDIAN", "IMAG"), ("MERIDIAN", "ONCO"), ("BLUEHARBOR", "ORTH")]

    let goal: Goal
    let number: Int
    let patient: Int
    let site: Int
    let specialty: String
    let payer: String
    let urgency: Urgency
    let channel: Channel
    let practitioner: Int
    /// Days since it came in.
    let age: Int

    /// The cases in the order in which they arrive.
    static func all(_ random: SeededRandomSource, patients: Int) -> [DemoCase] {
        var result: [DemoCase] = []
        for (goal, count) in counts { for _ in 0..<count { result.append(make(goal, result, random, patients)) } }
        return result
    }

    private static func make(_ goal: Goal, _ before: [DemoCase], _ random: SeededRandomSource, _ patients: Int) -> DemoCase {
        let number = before.count
        let urgency: Urgency = [.routine, .routine, .urgent, .routine, .routine, .urgent, .routine, .stat][number % 8]
        let channel: Channel = [.hl7v2, .fhir, .portal, .document, .hl7v2, .fax, .manual, .fhir, .email][number % 9]
        if goal == .doubled, let twin = before.first(where: { $0.goal == .triage && $0.number % 4 == number % 4 }) {
            return DemoCase(
                goal: goal, number: number, patient: twin.patient, site: twin.site, specialty: twin.specialty, payer: twin.payer,
                urgency: twin.urgency, channel: .hl7v2, practitioner: twin.practitioner, age: 1)
        }
        let (payer, specialty) = choose(goal, number, random)
        let patient = number < patients ? number : (number * 7) % patients
        return DemoCase(
            goal: goal, number: number, patient: patient, site: patient % 3, specialty: specialty, payer: payer,
            urgency: asksPayer(goal) && urgency == .stat ? .urgent : urgency, channel: goal == .similar ? .portal : channel,
            practitioner: random.number(below: 50), age: age(goal, random))
    }

    private static func asksPayer(_ goal: Goal) -> Bool { [.needsAuthorization, .submitted, .pended, .denied].contains(goal) }

    private static func choose(_ goal: Goal, _ number: Int, _ random: SeededRandomSource) -> (String, String) {
        if asksPayer(goal) { return authorized[number % authorized.count] }
        let payers = DemoPlaces.payerNames.map(\.0)
        var codes = diagnoses.keys.sorted()
        if goal == .incomplete || goal == .asked { codes = ["CARD", "ORTH", "ONCO"] }
        // What a clinician looks at before it is scheduled.
        if goal == .triage || goal == .returned || goal == .closed && number % 3 == 1 { codes = ["NEUR", "ONCO"] }
        let payer = payers[number % payers.count]
        let free = codes.filter { code in !authorized.contains { $0 == (payer, code) } }
        return (payer, free[random.number(below: free.count)])
    }

    private static func age(_ goal: Goal, _ random: SeededRandomSource) -> Int {
        switch goal {
        case .arrived: 0
        case .incomplete, .eligibility, .similar: random.number(below: 4)
        case .asked, .triage, .needsAuthorization, .returned: 1 + random.number(below: 8)
        case .submitted, .pended, .denied, .toBook, .outOfNetwork: 3 + random.number(below: 10)
        case .deferred, .scheduled, .told: 5 + random.number(below: 15)
        default: 25 + random.number(below: 30)
        }
    }
}
