import Base
import JSON
import Kernel

/// Choosing a service by specialty, urgency, payer, geography and network, with the reasons kept on the referral.
enum Routing {
    /// The most services that are compared.
    private static let candidateLimit = 200

    struct Candidate {
        let service: Record<Service>
        var score = 0.0
        var reasons: [(String, Double)] = []

        init(_ service: Record<Service>) { self.service = service }

        mutating func add(_ points: Double, _ reason: String) {
            if points == 0 { return }
            score += points
            reasons.append((reason, points))
        }

        var json: JSON {
            .object([
                "service_id": .int(Int64(service.id)), "service": .string(service.displayedName), "score": .double(score),
                "reasons": .array(reasons.map { .object(["what": .string($0.0), "points": .double($0.1)]) }),
            ])
        }
    }

    /// What answers a comparison: the table in force, or another version of it.
    typealias Answering = (ValueMap, Record<Referral>) throws -> [[String: Value]]

    /// Compares the services that could take a referral, best first, by the table in force unless said otherwise.
    static func candidates(
        for referral: Record<Referral>, by answers: Answering = { try ReferralTable.routing.decide($0, for: $1).answers }
    ) throws -> [Candidate] {
        guard let specialty = referral.specialty else { return [] }
        let env = referral.env.asSuperuser("services of the whole group are compared")
        var domain = Domain.where("specialty_id", .equal, .int(specialty.id))
        if referral.urgency != .routine { domain = domain & .where("takes_urgent", .equal, true) }
        let services = try env.search(Service.self, domain, limit: candidateLimit)
        let own = env.record(Referral.self, referral.id)
        return try services.map { try compare($0, own, answers) }.sorted { ($0.score, -$0.service.id) > ($1.score, -$1.service.id) }
    }

    private static func compare(_ service: Record<Service>, _ referral: Record<Referral>, _ answers: Answering) throws -> Candidate {
        var candidate = Candidate(service)
        let open =
            Domain.where("service_id", .equal, .int(service.id)) & .where("state", .equal, "free")
            & .where("start", .greater, .instant(service.env.now))
        let inputs: ValueMap = [
            "network": .text(Networks.network(of: service, for: referral).rawValue),
            "same_site": .bool(service.company == referral.company),
            "zip_digits": .int(sharedDigits(service.zip, referral.patient?.zip ?? "")), "urgency": referral.urgencyValue,
            "waiting_days": .int(max(0, service.waitingDays)), "free_slot": .bool(try service.env.count(Slot.self, open) > 0),
        ]
        for answer in try answers(inputs, referral) {
            candidate.add(answer["points"].map(number) ?? 0, filled(answer["reason"]?.textValue ?? "", inputs))
        }
        return candidate
    }

    private static func number(_ value: Value) -> Double {
        switch value {
        case .int(let number): Double(number)
        case .amount(let amount): amount.double
        case .double(let number): number
        default: 0
        }
    }

    /// A reason in which names in braces are replaced by the inputs of that name.
    private static func filled(_ reason: String, _ inputs: ValueMap) -> String {
        inputs.entries.reduce(reason) { text, entry in
            switch entry.value {
            case .int(let number): text.replacing("{\(entry.name)}", with: String(number))
            case .text(let word): text.replacing("{\(entry.name)}", with: word)
            default: text
            }
        }
    }

    private static func sharedDigits(_ left: String, _ right: String) -> Int {
        zip(left.utf8, right.utf8).prefix { $0 == $1 }.prefix(5).count
    }

    /// Assigns the best service, or leaves the choice to a person when there is none.
    static func propose(for referral: Record<Referral>) throws {
        let list = try candidates(for: referral)
        let own = ReferralActions.own(referral)
        own.routing = .array(list.prefix(5).map(\.json))
        if let best = list.first { try assign(referral, to: best.service.id) }
    }

    /// Assigns a service; whether it is in network follows.
    static func assign(_ referral: Record<Referral>, to id: Int) throws {
        let env = referral.env.asSuperuser("services of the whole group may be assigned")
        guard try !env.existing([id], in: env.registry.schema(Service.self)).isEmpty else {
            throw Refusal.missingRecords([id], in: Service.name)
        }
        let service = env.record(Service.self, id)
        guard service.specialty == referral.specialty else {
            throw Refusal(
                "referral.wrong_specialty", .validation, "The service is of another specialty.",
                instruction: "Redirect the referral first, or choose another service.")
        }
        let own = ReferralActions.own(referral)
        let network = Networks.network(of: service, for: own)
        try own.write(["service_id": .int(id), "network": .text(network.rawValue), "network_approved_by": .null])
        try Pathway.advance(own)
    }
}
