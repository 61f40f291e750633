import DecisionTables
import Decisions
import Foundation
import Governance
import JSON
import Kernel
import YAML

/// What this app ships as definitions: the catalogue, and the decision tables that referrals run by.
struct ReferralDefinitions: Sendable {
    /// Specialties and coded reasons.
    let catalogue: JSON
    /// The tables, and what is promised about time, as governance brings them into force.
    let files: [DefinitionFile]
    /// The tables, compiled, for a database in which no version is in force.
    let tables: [ReferralTable: CompiledTable]

    private static let loaded = Result { try ReferralDefinitions() }

    /// The shipped definitions.
    static var shared: ReferralDefinitions { get throws { try loaded.get() } }

    private init() throws {
        catalogue = try Self.parsed("catalogue") { try YAML.parse($0) }
        var files: [DefinitionFile] = []
        var tables: [ReferralTable: CompiledTable] = [:]
        for table in ReferralTable.allCases {
            let file = try Self.parsed(table.rawValue) { try DefinitionFile.parse($0) }
            do throws(DecisionProblems) {
                tables[table] = try CompiledTable(try DecisionTable(key: file.key, content: file.content))
            } catch { throw Self.broken(table.rawValue, error.refusal) }
            files.append(file)
        }
        self.files = try files + Self.serviceLevels()
        self.tables = tables
    }

    /// What is promised about time, after the tables that it may ask.
    private static func serviceLevels() throws -> [DefinitionFile] {
        let file = try parsed("service-levels") { try YAML.parse($0) }
        return (file["service_levels"]?.arrayValue ?? []).map { content in
            DefinitionFile(
                kind: "sla", key: content["key"]?.stringValue ?? "", title: content["name"]?.stringValue ?? "", content: content)
        }
    }

    private static func parsed<Content>(_ name: String, _ parse: ([UInt8]) throws -> Content) throws -> Content {
        guard let url = Bundle.module.url(forResource: name, withExtension: "yaml", subdirectory: "Definitions") else {
            throw Refusal(
                "definition.missing", .internalFault, "The definition '\(name).yaml' is missing.",
                instruction: "Install the program with its resource folders.")
        }
        do { return try parse(Array(try Data(contentsOf: url))) } catch { throw broken(name, error) }
    }

    private static func broken(_ name: String, _ error: any Error) -> Refusal {
        Refusal("definition.broken", .internalFault, "The definition '\(name).yaml' cannot be read: \(error).")
    }
}

/// The decision tables that referrals run by; the raw value is the file's name and the second half of the key.
enum ReferralTable: String, Sendable, CaseIterable {
    /// What must be there before a referral leaves documentation review.
    case completeness
    /// Whether a payer's authorization is needed.
    case authorization
    /// How services are compared.
    case routing
    /// Which stage follows by itself.
    case pathway
    /// Whether a manager must approve.
    case network
    /// Within how many days something should be done.
    case timers
    /// Within how many working minutes there is an appointment; asked by the service levels.
    case promise

    /// Asks the version in force for the referral's site.
    func decide(_ inputs: ValueMap, for referral: Record<Referral>) throws -> Decision {
        try DecisionTables.evaluate(
            "referrals." + rawValue, inputs, in: referral.env, company: referral.company?.id,
            shipped: try ReferralDefinitions.shared.tables[self])
    }
}

extension Record<Referral> {
    /// The urgency as tables are asked for it.
    var urgencyValue: Value { .text((self.urgency ?? .routine).rawValue) }
}

extension String {
    /// The text as tables are asked for it: nothing when it is empty.
    var decisionValue: Value { isEmpty ? .null : .text(self) }
}
