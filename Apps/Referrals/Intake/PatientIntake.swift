import Kernel

/// Demographics that a sending system reports about a patient.
public enum PatientIntake {
    /// What the sender wants.
    public enum Wish: String, Sendable { case add, update }

    /// Makes a patient, or changes the one with the same identifier; what the values do not name stays, null removes.
    ///
    /// Only patients of the user's own company are found. A patient to add who is there already is changed.
    /// - Throws: `patient.unknown` when there is none to update, `patient.ambiguous` when the identifiers belong to several.
    @discardableResult
    public static func apply(_ values: ValueMap, _ wish: Wish, intake intakeId: Int, in env: Environment) throws -> Record<Patient> {
        let own = env.asSuperuser("a sending system's demographics are taken as they come")
        let data = PatientData(values)
        let found = try find(data, own)
        guard found.count <= 1 else { throw Refusal.ambiguousPatient }
        var patient = found.first
        if let patient {
            try change(patient, values)
        } else if wish == .update {
            throw Refusal.unknownPatient
        } else {
            patient = try Matching.findOrMake(values, in: own).record
        }
        if let patient { try addIdentifiers(data, to: patient, own) }
        try IntakeDesk.finish(intakeId, in: env)
        guard let patient else { throw Refusal.unknownPatient }
        return patient
    }

    private static func find(_ data: PatientData, _ env: Environment) throws -> Recordset<Patient> {
        var domain = Domain.none
        for identifier in data.identifiers {
            let same = Domain.where("system", .equal, .text(identifier.system)) & .where("value", .equal, .text(identifier.number))
            domain = domain | .related("identifier_ids", same, negated: false)
        }
        return try env.search(Patient.self, domain & .where("company_id", .in, .list([.null, .int(env.companyId)])), limit: 2)
    }

    private static func change(_ patient: Record<Patient>, _ values: ValueMap) throws {
        var changes = values
        changes["identifiers"] = nil
        if changes["family_name"]?.isFalsy ?? true { changes["family_name"] = nil }
        for entry in changes.entries where try patient.value(entry.name) == entry.value { changes[entry.name] = nil }
        if !changes.isEmpty { try patient.write(changes) }
    }

    private static func addIdentifiers(_ data: PatientData, to patient: Record<Patient>, _ env: Environment) throws {
        let known = Set(patient.identifiers.map { PatientData.Identifier(system: $0.system, number: $0.number) })
        for identifier in data.identifiers where !known.contains(identifier) {
            try env.create(
                PatientIdentifier.self,
                ["patient_id": .int(patient.id), "system": .text(identifier.system), "value": .text(identifier.number)])
        }
    }
}

extension Refusal {
    static let unknownPatient = Refusal(
        "patient.unknown", .missing, "There is no patient with any of these identifiers.",
        instruction: "Send the patient first (ADT^A28), or correct the identifiers.")

    static let ambiguousPatient = Refusal(
        "patient.ambiguous", .conflict, "The identifiers belong to several patients.",
        instruction: "Correct the identifiers, or ask the site to merge the patients.")
}
