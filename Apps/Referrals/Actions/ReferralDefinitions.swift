import Foundation
import JSON
import Kernel
import YAML

/// The rules that this app ships as definitions: completeness, authorization, routing, catalogue.
///
/// Read once per process from the YAML files beside the code; a mistake in one of them stops the start with the file and the line.
struct ReferralDefinitions: Sendable {
    let completeness: CompletenessRules
    let authorization: AuthorizationRules
    let routing: RoutingPoints
    let catalogue: JSON
    /// What is promised about time, as the app of service levels reads it.
    let serviceLevels: JSON

    private static let loaded = Result { try ReferralDefinitions() }

    /// The shipped definitions.
    static var shared: ReferralDefinitions { get throws { try loaded.get() } }

    private init() throws {
        completeness = CompletenessRules(try Self.read("completeness"))
        authorization = AuthorizationRules(try Self.read("authorization"))
        routing = RoutingPoints(try Self.read("routing"))
        catalogue = try Self.read("catalogue")
        serviceLevels = try Self.read("service-levels")
    }

    private static func read(_ name: String) throws -> JSON {
        guard let url = Bundle.module.url(forResource: name, withExtension: "yaml", subdirectory: "Definitions") else {
            throw Refusal(
                "definition.missing", .internalFault, "The definition '\(name).yaml' is missing.",
                instruction: "Install the program with its resource folders.")
        }
        do { return try YAML.parse(Array(try Data(contentsOf: url))) } catch {
            throw Refusal("definition.broken", .internalFault, "The definition '\(name).yaml' cannot be read: \(error).")
        }
    }
}

/// What must be there, by specialty and payer.
struct CompletenessRules: Sendable {
    struct Item: Sendable {
        let code: String
        let title: String
        /// Alternatives of dotted paths on the referral; empty for a document.
        let fields: [String]
        let document: String
        let rule: String
    }

    private struct Rule {
        let specialty: String
        let payer: String
        let items: [Item]
    }

    private let rules: [Rule]

    init(_ json: JSON) {
        rules = (json["rules"]?.arrayValue ?? []).map { rule in
            let name = rule["name"]?.stringValue ?? ""
            let items = (rule["items"]?.arrayValue ?? []).map { item in
                Item(
                    code: item["code"]?.stringValue ?? "", title: item["title"]?.stringValue ?? "",
                    fields: (item["field"]?.stringValue ?? "").split(separator: "|").map(String.init),
                    document: item["document"]?.stringValue ?? "", rule: name)
            }
            return Rule(specialty: rule["specialty"]?.stringValue ?? "", payer: rule["payer"]?.stringValue ?? "", items: items)
        }
    }

    /// The items asked for, each code once.
    func items(specialty: String, payer: String) -> [Item] {
        var result: [Item] = []
        for rule in rules where (rule.specialty.isEmpty || rule.specialty == specialty) && (rule.payer.isEmpty || rule.payer == payer) {
            for item in rule.items where !result.contains(where: { $0.code == item.code }) { result.append(item) }
        }
        return result
    }
}

/// Whether a payer's authorization is needed: the first matching rule.
struct AuthorizationRules: Sendable {
    private struct Rule {
        let specialty: String
        let payer: String
        let urgency: String
        let isNeeded: Bool
    }

    private let rules: [Rule]

    init(_ json: JSON) {
        rules = (json["rules"]?.arrayValue ?? []).map { rule in
            Rule(
                specialty: rule["specialty"]?.stringValue ?? "", payer: rule["payer"]?.stringValue ?? "",
                urgency: rule["urgency"]?.stringValue ?? "",
                isNeeded: rule["needed"]?.boolValue ?? false)
        }
    }

    func isNeeded(specialty: String, payer: String, urgency: String) -> Bool {
        let rule = rules.first { rule in
            (rule.specialty.isEmpty || rule.specialty == specialty) && (rule.payer.isEmpty || rule.payer == payer)
                && (rule.urgency.isEmpty || rule.urgency == urgency)
        }
        return rule?.isNeeded ?? false
    }
}

/// The points by which services are compared.
struct RoutingPoints: Sendable {
    let inNetwork: Double
    let outOfNetwork: Double
    let sameSite: Double
    let nearPerDigit: Double
    let perWaitingDay: Double
    let freeSlot: Double
    let urgentFactor: Double

    init(_ json: JSON) {
        func points(_ name: String) -> Double { json["points"]?[name]?.doubleValue ?? 0 }
        inNetwork = points("in_network")
        outOfNetwork = points("out_of_network")
        sameSite = points("same_site")
        nearPerDigit = points("near_per_digit")
        perWaitingDay = points("per_waiting_day")
        freeSlot = points("free_slot")
        urgentFactor = json["urgent_waiting_factor"]?.doubleValue ?? 1
    }
}
