import Crypto
import FHIR
import JSON
import Kernel
import Referrals

/// DocumentReference and `care.document`; the content is a Binary of the same id.
struct DocumentReferenceMapping: ResourceMapping {
    let type = "DocumentReference"
    let model = Document.name
    let interactions: Set<Interaction> = [.read, .search, .create]

    let parameters: [SearchParameter] = [
        .reference("patient", "patient_id", "Patient"), .reference("subject", "patient_id", "Patient"),
        .reference("related", "referral_id", "ServiceRequest"), .date("date", "create_date"),
        .token("status") { _, code, _ in
            switch code {
            case "current": .where("state", .notEqual, "refused")
            case "entered-in-error": .where("state", .equal, "refused")
            default: .none
            }
        },
        .text("type", "kind"), .text("contenttype", "mimetype"), .string("description", "name"),
    ]

    func members(_ id: Int, _ records: Records, _ context: FHIRContext) throws -> [(String, JSON?)] {
        let document = Record<Document>(id: id, records: records)
        let attachment = FHIRData.attachment(
            contentType: document.mediaType.present ?? "application/octet-stream", url: "Binary/\(id)",
            title: document.displayedName.present,
            size: document.size)
        let related = context.reference("ServiceRequest", document.referral?.id)
        return [
            ("status", document.state == .refused ? "entered-in-error" : "current"),
            ("type", document.kind.present.map { FHIRData.codeableConcept(Systems.documentKind, $0, text: $0) }),
            ("subject", context.reference("Patient", document.patient?.id)), ("date", document.createdOn?.fhir),
            ("description", document.displayedName.json), ("content", [FHIRData.object([("attachment", attachment)])]),
            ("context", related.map { FHIRData.object([("related", [$0])]) }),
        ]
    }

    /// Keeps a document; one that names a ServiceRequest joins that referral.
    func create(_ resource: FHIRResource, _ context: FHIRContext) throws -> Made {
        let env = context.env
        let patient = try context.target(resource["subject"], at: "DocumentReference.subject", ["Patient"])
        let request = try context.target(
            resource.value("context.related.0"), at: "DocumentReference.context.related[0]", ["ServiceRequest", "Task"])
        let file = try DocumentFile.file(of: resource, binaries: [:])
        if let request, let patient, env.record(Referral.self, request.id).patient?.id != patient.id {
            throw FHIRRefusal.unprocessable(
                "document.other_patient", .businessRule, "The document's subject is not the patient of the ServiceRequest.",
                at: "DocumentReference.subject")
        }
        try env.checkRight(.create, on: env.registry.schema(Document.self))
        if let request { try env.checkAccess(.write, env.registry.schema(Referral.self), [request.id]) }
        let own = env.asSuperuser("state, size and digest of a document are set by the machine")
        let document = try own.create(
            Document.self,
            [
                "name": .text(String(file.name.prefix(255))), "kind": .text(file.kind), "mimetype": .text(file.mediaType),
                "content": .bytes(file.bytes), "file_size": .int(file.bytes.count), "digest": .text(SHA256.hash(file.bytes).hex),
                "state": request == nil ? "checked" : "entered", "patient_id": patient.map { .int($0.id) } ?? .null,
                "referral_id": request.map { .int($0.id) } ?? .null,
            ])
        return Made(id: document.id)
    }
}

/// The file inside a DocumentReference.
enum DocumentFile {
    /// The largest file, in bytes.
    static let sizeLimit = 24 << 20

    /// - Parameter binaries: Binary resources of the same Bundle by address.
    static func file(of resource: FHIRResource, binaries: [String: FHIRResource]) throws -> ReferralData.File {
        let place = "DocumentReference.content[0].attachment"
        guard let attachment = resource.value("content.0.attachment") else {
            throw FHIRRefusal.unprocessable("document.no_content", .required, "The document has no attachment.", at: place)
        }
        var mediaType = attachment["contentType"]?.stringValue
        var text = attachment["data"]?.stringValue
        if text == nil, let url = attachment["url"]?.stringValue, let binary = binaries[url] {
            text = binary.string("data")
            mediaType = mediaType ?? binary.string("contentType")
        }
        guard let text else {
            throw FHIRRefusal.unprocessable(
                "document.not_fetched", .notSupported, "Addresses are not fetched. Send the content as data, or as a Binary in the Bundle.",
                at: place + ".url")
        }
        guard let bytes = Base64.standard.decode(String(text.filter { !$0.isWhitespace })), !bytes.isEmpty else {
            throw FHIRRefusal.unprocessable("document.empty", .value, "The attachment holds nothing that is base64.", at: place + ".data")
        }
        guard bytes.count <= sizeLimit else {
            throw FHIRRefusal(
                413, "document.too_large", .tooLong, "The document has more than \(sizeLimit >> 20) MiB.", at: place + ".data")
        }
        let name = attachment["title"]?.stringValue ?? resource.string("description") ?? "Document"
        return ReferralData.File(
            name: name, kind: kind(of: resource), mediaType: (mediaType ?? "application/octet-stream").lowercased(), bytes: bytes)
    }

    /// The kind that completeness rules ask for: our own code, else a word of the type that names one.
    private static func kind(of resource: FHIRResource) -> String {
        if let own = resource.code("type", system: Systems.documentKind) { return own }
        let words = (resource.strings("type.text") + resource.strings("type.coding.display") + resource.strings("category.text")).joined(
            separator: " "
        ).lowercased()
        let known = [
            ("ecg", "ecg"), ("ekg", "ecg"), ("electrocardiogra", "ecg"), ("imaging", "imaging"), ("radiology", "imaging"),
            ("patholog", "pathology"),
        ]
        return known.first { words.contains($0.0) }?.1 ?? ""
    }
}

/// Binary: the content of a document.
enum BinaryReading {
    static func read(_ id: String, _ call: FHIRCall, _ context: FHIRContext) throws -> FHIRAnswer {
        guard try context.find(DocumentReferenceMapping(), id) != nil, let number = Int(id) else {
            throw FHIRRefusal.notFound("Binary", id)
        }
        let document = context.env.record(Document.self, number)
        let bytes = document.content
        guard !bytes.isEmpty else { throw FHIRRefusal.notFound("Binary", id) }
        let type = isPlain(document.mediaType) ? document.mediaType : "application/octet-stream"
        if call.wantsResource {
            let members: JSONObject = ["contentType": .string(type), "data": .string(Base64.standard.encode(bytes))]
            return FHIRAnswer(200, FHIRResource(type: "Binary", id: id, members))
        }
        var answer = FHIRAnswer(200, nil)
        answer.content = FHIRAnswer.Content(bytes: bytes, mediaType: type)
        return answer
    }

    /// Whether a media type is one that a header can carry.
    private static func isPlain(_ type: String) -> Bool {
        type.utf8.count <= 100 && type.contains("/") && type.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 }
    }
}
