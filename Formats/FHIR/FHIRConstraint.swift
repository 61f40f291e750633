import JSON

/// A rule (“invariant”) of R4's definitions about one type or backbone.
///
/// The definitions write them in FHIRPath; those that matter to a referral desk are said in Swift here.
struct FHIRConstraint: Sendable {
    /// R4's key: `per-1`.
    let key: String
    /// What must be so, in a sentence.
    let sentence: String
    /// The member that the problem points at; nil for the whole object.
    let member: String?
    let holds: @Sendable (FHIRMembers) -> Bool

    init(_ key: String, _ sentence: String, at member: String? = nil, holds: @escaping @Sendable (FHIRMembers) -> Bool) {
        self.key = key
        self.sentence = sentence
        self.member = member
        self.holds = holds
    }

    /// The constraints by the name of the shape: `Period`, `Patient.contact`.
    static let byShape: [String: [FHIRConstraint]] = dataTypes.merging(resources) { first, _ in first }

    private static let unit = FHIRConstraint("qty-3", "The code of a unit needs its system.", at: "system") {
        !$0.has("code") || $0.has("system")
    }

    private static let dataTypes: [String: [FHIRConstraint]] = [
        "Quantity": [unit], "SimpleQuantity": [unit], "Age": [unit], "Count": [unit], "Distance": [unit], "Duration": [unit],
        "Period": [FHIRConstraint("per-1", "A period must not end before it starts.", at: "end") { $0.isOrdered("start", "end") }],
        "ContactPoint": [
            FHIRConstraint("cpt-2", "A contact's value needs its system: phone, fax, email …", at: "system") {
                !$0.has("value") || $0.has("system")
            }
        ],
        "Attachment": [
            FHIRConstraint("att-1", "An attachment's data needs its contentType.", at: "contentType") {
                !$0.has("data") || $0.has("contentType")
            }
        ],
        "Ratio": [
            FHIRConstraint("rat-1", "A ratio needs both numerator and denominator, or an extension and neither.") {
                $0.has("numerator") == $0.has("denominator") && ($0.has("numerator") || $0.has("extension"))
            }
        ],
    ]

    private static let resources: [String: [FHIRConstraint]] = [
        "Patient.contact": [
            FHIRConstraint("pat-1", "A contact needs a name, telecom, address or organization.") {
                $0.has("name") || $0.has("telecom") || $0.has("address") || $0.has("organization")
            }
        ],
        "Organization": [
            FHIRConstraint("org-1", "An organization needs a name or an identifier.") { $0.has("name") || $0.has("identifier") }
        ],
        "ServiceRequest": [
            FHIRConstraint("prr-1", "`orderDetail` may stand only beside `code`.", at: "orderDetail") {
                !$0.has("orderDetail") || $0.has("code")
            }
        ],
        "Task": [
            FHIRConstraint("inv-1", "A task cannot be modified before it was authored.", at: "lastModified") {
                $0.isOrdered("authoredOn", "lastModified")
            }
        ],
        "Appointment": appointment,
        "AppointmentResponse": [
            FHIRConstraint("apr-1", "Who answers must be told: `participantType` or `actor`.") {
                $0.has("participantType") || $0.has("actor")
            }
        ],
        "Observation": [
            FHIRConstraint("obs-6", "`dataAbsentReason` may not stand beside a value.", at: "dataAbsentReason") {
                !$0.has("dataAbsentReason") || !$0.hasChoice("value")
            }
        ],
    ]

    private static let appointment = [
        FHIRConstraint("app-2", "An appointment has both `start` and `end`, or neither.") { $0.has("start") == $0.has("end") },
        FHIRConstraint("app-3", "Only a proposed, cancelled or waitlisted appointment may lack `start` and `end`.") {
            $0.has("start") || $0.has("end") || ["proposed", "cancelled", "waitlist"].contains($0.string("status"))
        },
        FHIRConstraint("app-4", "`cancelationReason` belongs to a cancelled appointment or a no-show.", at: "cancelationReason") {
            !$0.has("cancelationReason") || ["cancelled", "noshow"].contains($0.string("status"))
        },
    ]
}

/// The members of an object as constraints ask about them.
struct FHIRMembers {
    let object: JSONObject

    /// Whether the element has a value, or extensions in its stead.
    func has(_ name: String) -> Bool { object.members.contains { $0.key == name || ($0.key.first == "_" && $0.key.dropFirst() == name) } }

    /// Whether a choice has a value: `value` for `valueQuantity`.
    func hasChoice(_ name: String) -> Bool {
        object.members.contains { $0.key.hasPrefix(name) && $0.key.dropFirst(name.count).first?.isUppercase == true }
    }

    func string(_ name: String) -> String? { object[name]?.stringValue }

    /// Whether the first time can lie before the second, or either is missing; partial dates get the benefit of the doubt.
    func isOrdered(_ first: String, _ second: String) -> Bool {
        guard let start = string(first).flatMap(FHIRDateTime.init), let end = string(second).flatMap(FHIRDateTime.init) else {
            return true
        }
        return start.start < end.end
    }
}
