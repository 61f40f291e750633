import Base
import Crypto
import Exceptions
import Kernel
import Messaging

/// The demo hospital group, made by seed: no real people, the same every time.
enum DemoGroup {
    private static let seed: UInt64 = 2_026
    private static let patientCount = 120
    private static let practitionerCount = 50

    static func fill(_ env: Environment) throws {
        let random = SeededRandomSource(seed: seed)
        let places = try DemoPlaces.make(in: env)
        let people = try DemoPeople.make(practitionerCount, clinics: places.clinics, in: env)
        let services = try DemoServices.make(places, people, in: env)
        let cast = DemoCast(env: env, users: try DemoUsers.make(hospitals: places.hospitals, in: env), hospitals: places.hospitals)
        try settle(cast, in: env)
        let patients = DemoPatients.make(patientCount, random, today: env.today)
        let arrival = DemoArrival(cast: cast, places: places, people: people, patients: patients)
        var made: [(DemoCase, Int)] = []
        for item in DemoCase.all(random, patients: patientCount) {
            let id = try arrival.bring(item)
            if item.goal == .arrived {
                try putBack(id, in: env)
            } else {
                try DemoWalk(cast: cast, services: services, item: item, id: id).run()
            }
            made.append((item, id))
        }
        try DemoTimes(env: env, random: random).spread(made)
        try DemoTroubles.make(cast)
        for (place, person) in people.practitioners.enumerated() {
            try env.record(Partner.self, person.id).write(["email": .text("practitioner\(place + 1)@clinics.example")])
        }
    }

    private static func settle(_ cast: DemoCast, in env: Environment) throws {
        for (key, login) in [("referrals.coordinator", "coordinator"), ("referrals.manager", "manager"), ("exceptions.owner", "manager")] {
            try env.create(Parameter.self, ["key": .text(key), "value": .text(String(cast.users[login] ?? 2))])
        }
    }

    /// A referral that nobody has looked at yet.
    private static func putBack(_ id: Int, in env: Environment) throws {
        let referral = env.record(Referral.self, id)
        try referral.write(["stage": "received"])
        for cause in Work.causes { try ActivityActions.close(cause: cause, on: referral.records) }
    }
}

/// Messages of the demo that could not be carried out.
enum DemoTroubles {
    static func make(_ cast: DemoCast) throws {
        let troubles: [(Channel, String, Refusal)] = [
            (
                .hl7v2, "EHR_NORTH",
                Refusal(
                    "patient.no_name", .validation, "The patient has no family name.", instruction: "Ask the sender who the patient is.")
            ),
            (
                .hl7v2, "EHR_WEST",
                Refusal(
                    "patient.birth_date", .validation, "The birth date lies in the future or too far in the past.",
                    instruction: "Check the date with the sender.")
            ),
            (
                .fhir, "https://ehr.clinics.example/fhir",
                Refusal(
                    "referral.unknown", .missing, "There is no referral with this number from this sender.",
                    instruction: "Correct the number.")
            ),
            (
                .document, "scanner",
                Refusal("document.encrypted", .validation, "The PDF is encrypted.", instruction: "Ask for a copy without a password.")
            ),
            (
                .hl7v2, "EHR_NORTH",
                Refusal("hl7.no_segment", .invalid, "The message has no PID segment.", instruction: "Have the interface mended.")
            ),
        ]
        let env = try cast.actor("hl7", site: 0)
        for (place, trouble) in troubles.enumerated() {
            let receipt = try IntakeDesk.store(
                IntakeDesk.Arrival(
                    channel: trouble.0, sender: trouble.1, controlId: "DEMOFAIL\(place)", name: "Demo message that failed \(place + 1)",
                    mediaType: "text/plain", content: Array("A demo message that cannot be carried out, number \(place + 1)".utf8)),
                in: env)
            try IntakeDesk.fail(trouble.2, intake: receipt.intakeId, in: env)
        }
        let manager = try cast.manager(0)
        if let first = try manager.search(ExceptionCase.self, order: "id", limit: 1).first { _ = try first.asSet.call("action_start") }
    }
}
