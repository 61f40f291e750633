import JSON

/// One walk of the validator through a resource.
struct FHIRCheck {
    let definitions: FHIRDefinitions
    let limits: FHIRLimits
    private(set) var problems: [FHIRProblem] = []
    /// Where the walk stands.
    var trail = FHIRTrail()
    /// The types of the contained resources by id, of the outermost resource now being read.
    var contained: [String: String]?
    /// Shapes already met, so that the definitions' lock is seldom taken.
    private var shapes: [String: FHIRShape] = [:]

    init(definitions: FHIRDefinitions, limits: FHIRLimits) {
        self.definitions = definitions
        self.limits = limits
    }

    mutating func report(_ code: FHIRIssueType, _ message: String, at name: String? = nil, _ severity: FHIRSeverity = .error) {
        guard problems.count < limits.maxProblems else { return }
        problems.append(FHIRProblem(code, message, at: trail.text(adding: name), severity: severity))
    }

    /// Whether so many problems were found that the walk should end.
    var isFull: Bool { problems.count >= limits.maxProblems }

    /// Whether the walk is as deep as it may be; reports that once per place.
    mutating func isTooDeep() -> Bool {
        guard trail.depth >= limits.maxDepth else { return false }
        report(.tooCostly, "More than \(limits.maxDepth) elements stand inside each other. Send a flatter resource.")
        return true
    }

    mutating func shape(_ name: String) -> FHIRShape? {
        if let known = shapes[name] { return known }
        shapes[name] = definitions.shape(name)
        return shapes[name]
    }

    mutating func dataType(_ json: JSON, _ type: String) {
        trail = FHIRTrail(root: type)
        guard let shape = shape(type), !shape.isResource else {
            return report(.notSupported, "FHIR R4 has no data type of this name.")
        }
        complex(json, shape)
        dataTypeRules(json, type: type, targets: [])
    }

    // MARK: Resources

    mutating func resource(_ json: JSON, expecting type: String? = nil, isContained: Bool = false) {
        guard case .object(let object) = json else {
            return report(.structure, "A resource must be a JSON object.")
        }
        guard let stated = object["resourceType"] else {
            return report(.required, "A resource must name its type in `resourceType`.", at: "resourceType")
        }
        guard case .string(let name) = stated, definitions.isResourceType(name), let shape = shape(name) else {
            return report(.structure, "`resourceType` must be the name of an R4 resource type.", at: "resourceType")
        }
        if trail.isEmpty { trail = FHIRTrail(root: name) }
        if let type, type != name {
            report(.invalid, "A \(type) is expected here, not a \(name).", at: "resourceType")
        }
        let outer = contained
        if !isContained { contained = FHIRCheck.containedTypes(object) }
        members(object, shape)
        rules(object, type: name, isContained: isContained)
        contained = outer
    }

    private static func containedTypes(_ object: JSONObject) -> [String: String] {
        var types: [String: String] = [:]
        for element in object["contained"]?.arrayValue ?? [] {
            guard let id = element["id"]?.stringValue else { continue }
            types[id] = element["resourceType"]?.stringValue ?? ""
        }
        return types
    }

    // MARK: Objects

    mutating func complex(_ json: JSON, _ shape: FHIRShape) {
        guard case .object(let object) = json else {
            return report(.structure, "An object is expected here\(json.isNull ? ", not null; leave the element out" : "").")
        }
        guard !isTooDeep() else { return }
        members(object, shape)
    }

    private mutating func members(_ object: JSONObject, _ shape: FHIRShape) {
        let own = shape.isResource ? 1 : 0
        if object.count <= own { return report(.invalid, "The object is empty. Leave the element out or give it content.") }
        if object.count > limits.maxMembers {
            return report(.tooLong, "The object has more than \(limits.maxMembers) members.")
        }
        var found = [String?](repeating: nil, count: shape.elements.count)
        let hasSiblings = object.members.contains { $0.key.utf8.first == UInt8(ascii: "_") }
        for entry in object.members where !isFull {
            guard let member = shape.members[entry.key] else {
                if entry.key != "resourceType" || !shape.isResource { unknown(entry.key, shape) }
                continue
            }
            if member.isSibling && object[member.base] != nil { continue }
            let element = shape.elements[member.element]
            guard isFirst(member, of: element, &found) else { continue }
            let sibling = member.isSibling ? entry.value : hasSiblings ? object["_" + member.base] : Optional<JSON>.none
            trail.push(element.name)
            let value: JSON? = member.isSibling ? .none : .some(entry.value)
            values(value, sibling: sibling, member.use, element)
            trail.pop()
        }
        for (index, element) in shape.elements.enumerated() where element.isRequired && found[index] == nil {
            let name = element.isChoice ? element.name + "[x]" : element.name
            report(.required, "`\(name)` is required and missing.", at: element.name)
        }
        constraints(object, shape)
    }

    private mutating func unknown(_ key: String, _ shape: FHIRShape) {
        let isShowable = key.utf8.count <= 64 && FHIRText.isId(key.hasPrefix("_") ? key.dropFirst() : key[...])
        let name = isShowable ? "`\(key)`" : "A member"
        report(
            .structure, "\(name) is not an element of \(shape.name) in FHIR R4. Remove it or use an extension.", at: isShowable ? key : nil)
    }

    /// Notes that an element has a value; a choice may have one type only.
    private mutating func isFirst(_ member: FHIRMember, of element: FHIRElement, _ found: inout [String?]) -> Bool {
        guard let earlier = found[member.element] else {
            found[member.element] = member.base
            return true
        }
        if earlier == member.base {
            report(.duplicate, "`\(member.base)` stands twice in the same object.", at: element.name)
        } else {
            report(
                .structure, "Only one type of `\(element.name)[x]` may be given; there are `\(earlier)` and `\(member.base)`.",
                at: element.name)
        }
        return false
    }
}
