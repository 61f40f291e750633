import Base
import FHIR
import JSON
import Kernel
import Referrals

/// A transaction: all of its entries or none, in one unit of work.
///
/// What belongs to a ServiceRequest in it (patient, coverage, sender, documents) is one intake: it goes over the intake desk, which
/// knows patients and contacts again. The rest follows in the order that references need.
struct Transaction {
    private struct Entry {
        let index: Int
        let address: String
        var call: FHIRCall
        var answer: FHIRAnswer?
    }

    private let context: FHIRContext
    private let intake: Int?
    private var entries: [Entry] = []
    private var local = LocalResources()
    private var binaries: [String: FHIRResource] = [:]

    /// In which order things are made.
    private static let order = [
        "Organization", "Practitioner", "PractitionerRole", "Patient", "Coverage", "DocumentReference", "Task", "Communication",
        "Appointment",
    ]

    init(_ bundle: FHIRResource, _ context: FHIRContext, intake: Int?) throws {
        self.context = context
        self.intake = intake
        for (index, entry) in bundle.entries.enumerated() {
            let address = entry.fullUrl ?? "entry:\(index)"
            if entry.resource?.type == "Binary", entry.method == "POST" {
                binaries[address] = entry.resource
                var call = FHIRCall(.binary(""))
                call.resource = entry.resource
                entries.append(Entry(index: index, address: address, call: call))
                continue
            }
            try Transaction.placed(index) {
                let call = try FHIRCall(entry)
                if case .create = call.wish, let resource = call.resource { local.add(address, resource) }
                entries.append(Entry(index: index, address: address, call: call))
            }
        }
    }

    /// Carries it out.
    ///
    /// - Returns: The Bundle that answers it.
    mutating func run() throws -> FHIRResource {
        try findExisting()
        for place in entries.indices where entries[place].call.wish == .create("ServiceRequest") && entries[place].answer == nil {
            try refer(place)
        }
        for type in Transaction.order {
            for place in entries.indices where entries[place].call.wish == .create(type) && entries[place].answer == nil {
                try carryOut(place)
            }
        }
        for place in entries.indices where entries[place].answer == nil {
            if case .update = entries[place].call.wish { try carryOut(place) }
        }
        try context.env.unit.flush()
        for place in entries.indices where entries[place].answer == nil { try carryOut(place) }
        return FHIRBundle.transactionResponse(entries.compactMap { $0.answer.map(BundleDesk.response) })
    }

    /// Runs a body whose refusals are placed at an entry.
    private static func placed<Answer>(_ index: Int, _ body: () throws -> Answer) throws -> Answer {
        do { return try body() } catch let refusal as FHIRRefusal { throw refusal.below("Bundle.entry[\(index)].resource") } catch let
            refusal as Refusal
        {
            if refusal.kind == .internalFault || refusal.kind == .unavailable { throw refusal }
            throw FHIRRefusal(refusal).below("Bundle.entry[\(index)].resource")
        }
    }

    /// Conditional creates are decided before anything is made.
    private mutating func findExisting() throws {
        for place in entries.indices {
            guard case .create(let type) = entries[place].call.wish, let query = entries[place].call.ifNoneExist else { continue }
            let mapping = try ResourceCatalogue.require(type)
            let known = try Transaction.placed(entries[place].index) { try context.existing(mapping, query) }
            if let known { settle(place, FHIRAnswer(200, known, location: known.reference)) }
        }
    }

    private mutating func settle(_ place: Int, _ answer: FHIRAnswer) {
        entries[place].answer = answer
        if let reference = answer.resource?.reference { local.assigned[entries[place].address] = reference }
    }

    private mutating func carryOut(_ place: Int) throws {
        if case .binary("") = entries[place].call.wish {
            throw FHIRRefusal.unprocessable(
                "fhir.loose_binary", .notSupported,
                "A Binary must be the content of a DocumentReference of a ServiceRequest in the Bundle.",
                at: "Bundle.entry[\(entries[place].index)].resource")
        }
        entries[place].call = resolved(entries[place].call)
        let call = entries[place].call
        settle(place, try Transaction.placed(entries[place].index) { try context.carryOut(call) })
    }

    /// The call with the references to entries replaced by those to what they became.
    private func resolved(_ call: FHIRCall) -> FHIRCall {
        var call = call
        call.resource?.rewriteReferences { local.assigned[$0] }
        return call
    }
}

// MARK: Referrals

extension Transaction {
    /// Makes the referral of a ServiceRequest, with everything in the Bundle that belongs to it.
    private mutating func refer(_ place: Int) throws {
        guard let intake, let original = resolved(entries[place].call).resource else {
            throw FHIRRefusal.invalid("There is no ServiceRequest.")
        }
        let before = Newest(
            referral: try context.newest(Referral.self), patient: try context.newest(Patient.self),
            coverage: try context.newest(Coverage.self),
            partner: try context.newest(Partner.self), document: try context.newest(Document.self))
        let reader = ReferralReader(context: context, local: local)
        let (referral, taken) = try Transaction.placed(entries[place].index) {
            var (data, taken) = try reader.read(original)
            try addFiles(of: place, original, to: &data, &taken)
            return (try IntakeDesk.accept(data, intake: intake, in: context.env), taken)
        }
        try context.env.unit.flush()
        try settle(entries[place].address, "ServiceRequest", referral.id, isNew: referral.id > before.referral)
        try settle(
            taken, of: context.env.asSuperuser("what the intake has made is told to its sender").record(Referral.self, referral.id), before)
    }

    private struct Newest {
        let referral: Int
        let patient: Int
        let coverage: Int
        let partner: Int
        let document: Int
    }

    /// Documents that name the request, are named by it, or stand beside the only one.
    private func addFiles(of place: Int, _ request: FHIRResource, to data: inout ReferralData, _ taken: inout ReferralReader.Taken) throws {
        let named = Set(request.strings("supportingInfo.reference"))
        let requests = entries.filter { $0.call.wish == .create("ServiceRequest") }
        for entry in entries where entry.call.wish == .create("DocumentReference") && entry.answer == nil {
            guard let document = entry.call.resource else { continue }
            let related = document.strings("context.related.reference")
            let isOwn =
                named.contains(entry.address) || related.contains(entries[place].address) || (requests.count == 1 && related.isEmpty)
            guard isOwn else { continue }
            data.files.append(try Transaction.placed(entry.index) { try DocumentFile.file(of: document, binaries: binaries) })
            taken.files.append(entry.address)
        }
    }

    /// Tells entries that the intake took up what became of them.
    private mutating func settle(_ taken: ReferralReader.Taken, of referral: Record<Referral>, _ before: Newest) throws {
        if let address = taken.patient, let id = referral.patient?.id { try settle(address, "Patient", id, isNew: id > before.patient) }
        if let address = taken.coverage, let id = referral.coverage?.id { try settle(address, "Coverage", id, isNew: id > before.coverage) }
        for address in taken.referrer {
            guard let id = referral.referrer?.id ?? referral.practice?.id else { continue }
            let type = local.byAddress[address]?.type ?? "Practitioner"
            try settle(address, type, id, isNew: id > before.partner)
        }
        for address in taken.practice {
            if let id = referral.practice?.id { try settle(address, "Organization", id, isNew: id > before.partner) }
        }
        for address in taken.payer {
            if let id = referral.payer?.id { try settle(address, "Organization", id, isNew: id > before.partner) }
        }
        let files = referral.documents.ids.filter { $0 > before.document }.sorted()
        for (address, id) in zip(taken.files, files) {
            if let document = local.byAddress[address] {
                for url in document.strings("content.attachment.url") where binaries[url] != nil { settleBinary(url, id) }
            }
            try settle(address, "DocumentReference", id, isNew: true)
        }
    }

    private mutating func settle(_ address: String, _ type: String, _ id: Int, isNew: Bool) throws {
        local.assigned[address] = "\(type)/\(id)"
        guard let place = entries.firstIndex(where: { $0.address == address }), let mapping = ResourceCatalogue.mapping(type) else {
            return
        }
        let stored = try context.find(mapping, String(id)) ?? FHIRResource(type: type, id: String(id))
        entries[place].answer = FHIRAnswer(isNew ? 201 : 200, stored, location: "\(type)/\(id)")
    }

    private mutating func settleBinary(_ address: String, _ id: Int) {
        guard let place = entries.firstIndex(where: { $0.address == address }) else { return }
        var answer = FHIRAnswer(201, nil)
        answer.location = "Binary/\(id)"
        entries[place].answer = answer
    }
}
