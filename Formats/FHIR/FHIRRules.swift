import JSON

// What R4's definitions say beyond names, counts and types: codes of coded types, targets of references, and the few
// rules (invariants) that a receiver cannot do without.

extension FHIRCheck {
    /// A CodeableConcept or Coding whose value set is required needs one of its codings.
    mutating func coded(_ value: JSON, _ use: FHIRTypeUse) {
        guard let name = use.valueSet, let set = definitions.valueSet(name), case .object(let object) = value else { return }
        let codings = object["coding"]?.arrayValue ?? (object["code"] == nil ? [] : [value])
        let isMember = codings.contains { coding in
            guard let code = coding["code"]?.stringValue, let system = coding["system"]?.stringValue else { return false }
            return set.contains(code, system: system)
        }
        if !isMember, object["extension"] == nil || !codings.isEmpty {
            report(.codeInvalid, "A coding from the required value set \(name) is needed, with its system: \(set.hint).")
        }
    }

    /// What a data type demands beyond its elements.
    mutating func dataTypeRules(_ value: JSON, type: String, targets: [String]) {
        if type == "Reference" { reference(value, targets) }
        if type == "Extension" { extensionRule(value) }
        if type == "Narrative" { narrativeRule(value) }
    }

    /// The type that a literal reference names must be one of the element's targets.
    private mutating func reference(_ value: JSON, _ targets: [String]) {
        guard let reference = FHIRReference(value) else { return }
        if let fragment = reference.fragment, !fragment.isEmpty, let contained {
            guard let type = contained[fragment] else {
                return report(.notFound, "The reference names a contained resource that is not there.", at: "reference")
            }
            return target(type, targets, at: "reference")
        }
        guard let type = reference.type else { return }
        guard definitions.isResourceType(type) else {
            if reference.base == nil, reference.id != nil, value["type"] == nil {
                report(.value, "The reference names no R4 resource type.", at: "reference")
            }
            return
        }
        target(type, targets, at: reference.text.isEmpty ? "type" : "reference")
    }

    private mutating func target(_ type: String, _ targets: [String], at name: String) {
        guard !targets.isEmpty, !targets.contains(type), definitions.isResourceType(type) else { return }
        report(.value, "The reference must lead to \(FHIRCheck.alternatives(targets)), not to \(type).", at: name)
    }

    private static func alternatives(_ names: [String]) -> String {
        names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }

    /// `ext-1`: an extension has a value or extensions of its own, not both and not neither.
    private mutating func extensionRule(_ value: JSON) {
        guard case .object(let object) = value else { return }
        let hasValue = object.members.contains { $0.key.hasPrefix("value") || $0.key.hasPrefix("_value") }
        if hasValue == (object["extension"] != nil) {
            report(.invariant, "An extension must have either a value or extensions of its own (ext-1).")
        }
    }

    /// `txt-2`: a narrative shows something; a warning only, since HL7's own examples break it.
    private mutating func narrativeRule(_ value: JSON) {
        guard let text = value["div"]?.stringValue, XHTMLChecker.isBlankDivision(text) else { return }
        report(.invariant, "The narrative shows nothing. Give it text or leave it out (txt-2).", at: "div", .warning)
    }

    mutating func rules(_ object: JSONObject, type: String, isContained: Bool) {
        if isContained, object["contained"] != nil {
            report(.invariant, "A contained resource must not contain resources itself (dom-2).", at: "contained")
        }
        if isContained, object["meta"]?["versionId"] != nil || object["meta"]?["lastUpdated"] != nil {
            report(.invariant, "A contained resource must have neither a version nor a time of change (dom-4).", at: "meta")
        }
        if type == "Bundle" { bundleRules(object) }
    }

    /// The constraints of a type or backbone.
    mutating func constraints(_ object: JSONObject, _ shape: FHIRShape) {
        for constraint in FHIRConstraint.byShape[shape.name] ?? [] where !constraint.holds(FHIRMembers(object: object)) {
            report(.invariant, "\(constraint.sentence) (\(constraint.key))", at: constraint.member)
        }
    }
}
