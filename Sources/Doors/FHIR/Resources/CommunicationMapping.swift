import FHIR
import JSON
import Kernel
import Messaging
import Referrals

/// Communication and the comments in a referral's chatter; internal notes never leave.
struct CommunicationMapping: ResourceMapping {
    let type = "Communication"
    let model = Message.name
    let interactions: Set<Interaction> = [.read, .search, .create]

    /// The longest text of a message, in characters.
    private static let textLimit = 20_000

    let parameters: [SearchParameter] = [
        .token("status") { _, code, _ in code == "completed" ? .all : .none }, .date("sent", "date"),
        .reference("sender", "author_id", "Practitioner", "Organization"), CommunicationMapping.about("based-on"),
        CommunicationMapping.about("about"), CommunicationMapping.patient("patient"), CommunicationMapping.patient("subject"),
    ]

    private static func about(_ name: String) -> SearchParameter {
        SearchParameter(name: name, kind: .reference, field: nil, modifiers: ["ServiceRequest", "Task"]) { value, _ in
            value.referenceId(["ServiceRequest", "Task"]).map { .where("res_id", .equal, .int($0)) } ?? .none
        }
    }

    private static func patient(_ name: String) -> SearchParameter {
        SearchParameter(name: name, kind: .reference, field: nil, modifiers: ["Patient"]) { value, env in
            guard let id = value.referenceId(["Patient"]) else { return .none }
            return .where("res_id", .in, .ids(try env.search(Referral.self, .where("patient_id", .equal, .int(id))).ids))
        }
    }

    func scope(_ env: Environment) throws -> Domain {
        .where("model", .equal, .text(Referral.name)) & .where("is_internal", .equal, false)
            & .where("message_type", .in, ["comment", "email", "email_outgoing"])
    }

    func members(_ id: Int, _ records: Records, _ context: FHIRContext) throws -> [(String, JSON?)] {
        let message = Record<Message>(id: id, records: records)
        let referral = context.env.record(Referral.self, message.record)
        let request = FHIRData.reference("ServiceRequest", String(referral.id))
        let text = PlainText.from(message.body).present
        return [
            ("basedOn", [request]), ("status", "completed"), ("subject", context.reference("Patient", referral.patient?.id)),
            ("topic", message.subject.present.map { FHIRData.codeableConcept(text: $0) }), ("about", [request]),
            ("sent", message.date?.fhir), ("sender", context.party(message.author)),
            ("payload", text.map { [FHIRData.object([("contentString", .string($0))])] }),
        ]
    }

    /// Posts a message on the referral; whoever follows it hears of it.
    func create(_ resource: FHIRResource, _ context: FHIRContext) throws -> Made {
        let element = resource.value("basedOn.0") ?? resource.value("about.0")
        guard let target = try context.target(element, at: "Communication.basedOn[0]", ["ServiceRequest", "Task"]) else {
            throw FHIRRefusal.unprocessable(
                "communication.no_request", .required, "Say by reference which ServiceRequest it is about.", at: "Communication.basedOn")
        }
        let referral = context.env.record(Referral.self, target.id)
        let subject = try context.target(resource["subject"], at: "Communication.subject", ["Patient"])
        guard subject == nil || subject?.id == referral.patient?.id else {
            throw FHIRRefusal.unprocessable(
                "communication.other_patient", .businessRule, "The subject is not the patient of the ServiceRequest.",
                at: "Communication.subject")
        }
        let lines = resource.strings("payload.contentString")
        let text = lines.joined(separator: "\n")
        guard text.present != nil else {
            throw FHIRRefusal.unprocessable(
                "communication.empty", .required, "Only text is taken: send payload.contentString. Files are sent as DocumentReference.",
                at: "Communication.payload")
        }
        guard text.count <= Self.textLimit else {
            throw FHIRRefusal.unprocessable(
                "communication.too_long", .tooLong, "A message has at most \(Self.textLimit) characters.", at: "Communication.payload")
        }
        var post = Post(body: lines.map { "<p>\(PlainText.escape($0))</p>" }.joined())
        post.subject = resource.string("topic.text") ?? ""
        return Made(id: try Chatter.post(on: referral.records, post))
    }
}
