import FHIR
import Foundation
import JSON
import Kernel

/// How one resource type is made from records, found, and turned back into them.
protocol ResourceMapping: Sendable {
    /// The resource type.
    var type: String { get }
    /// The model whose records they are; the id of the record is the id of the resource.
    var model: String { get }
    var interactions: Set<Interaction> { get }
    var parameters: [SearchParameter] { get }
    /// Which of the model's records are resources of this type.
    func scope(_ env: Environment) throws -> Domain
    /// The members of a resource, without type, id and meta; what is nil is left out.
    func members(_ id: Int, _ records: Records, _ context: FHIRContext) throws -> [(String, JSON?)]
    /// Makes a record of a resource that is correct R4.
    func create(_ resource: FHIRResource, _ context: FHIRContext) throws -> Made
    /// Changes a record that the caller may see.
    func update(_ id: Int, _ resource: FHIRResource, _ context: FHIRContext) throws
}

/// What can be done with a resource type.
enum Interaction: String, Sendable, CaseIterable {
    case read, search = "search-type", create, update
}

/// The record behind a resource that was posted.
struct Made: Sendable {
    let id: Int
    var isNew = true
}

extension ResourceMapping {
    func scope(_ env: Environment) throws -> Domain { .all }

    func create(_ resource: FHIRResource, _ context: FHIRContext) throws -> Made {
        throw FHIRRefusal.notAllowed("A \(type) cannot be created here.", allowed: ["GET", "HEAD"])
    }

    func update(_ id: Int, _ resource: FHIRResource, _ context: FHIRContext) throws {
        throw FHIRRefusal.notAllowed("A \(type) cannot be changed here.", allowed: ["GET", "HEAD"])
    }

    /// The resources of records, in their order, stamped with version and time.
    func resources(_ records: Records, _ context: FHIRContext) throws -> [FHIRResource] {
        try records.ids.map { id in
            let members = FHIRData.object(try members(id, records, context)).objectValue ?? JSONObject()
            var resource = FHIRResource(type: type, id: String(id), members)
            let fields = records.model.fields
            let version = try records.value(id, fields[ModelSchema.Slot.version]).intValue ?? 1
            let written = Instant.present(try records.value(id, fields[ModelSchema.Slot.writtenOn])) ?? context.env.now
            resource.stamp(version: String(version), lastUpdated: FHIRDateTime(Date(timeIntervalSince1970: Double(written.seconds))))
            return resource
        }
    }
}

/// The resource types that this door has.
enum ResourceCatalogue {
    static let all: [any ResourceMapping] = [
        PatientMapping(), PractitionerMapping(), PractitionerRoleMapping(), OrganizationMapping(), CoverageMapping(),
        ServiceRequestMapping(),
        TaskMapping(), DocumentReferenceMapping(), AppointmentMapping(), CommunicationMapping(),
    ]
    private static let byType: [String: any ResourceMapping] = Dictionary(uniqueKeysWithValues: all.map { ($0.type, $0) })

    static func mapping(_ type: String) -> (any ResourceMapping)? { byType[type] }

    static func require(_ type: String) throws -> any ResourceMapping {
        guard let mapping = byType[type] else { throw FHIRRefusal.unknownType(type) }
        return mapping
    }
}
