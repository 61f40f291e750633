/// What a type, or a backbone element inside one, may hold.
final class FHIRShape: Sendable {
    /// `Task`, or `Task.input` for a backbone.
    let name: String
    /// Whether values of this shape are resources and so carry `resourceType`.
    let isResource: Bool
    /// Whether the type exists only for others to build on.
    let isAbstract: Bool
    let elements: [FHIRElement]
    /// What each JSON member means, `_birthDate` and `valueQuantity` included.
    let members: [String: FHIRMember]

    init(name: String, isResource: Bool, isAbstract: Bool, elements: [FHIRElement]) {
        self.name = name
        self.isResource = isResource
        self.isAbstract = isAbstract
        self.elements = elements
        var members: [String: FHIRMember] = [:]
        for (index, element) in elements.enumerated() {
            for use in element.uses {
                let key = element.member(for: use)
                members[key] = FHIRMember(element: index, use: use, isSibling: false, base: key)
                if case .primitive = use.kind { members["_" + key] = FHIRMember(element: index, use: use, isSibling: true, base: key) }
            }
        }
        self.members = members
    }
}

/// One element of a shape.
final class FHIRElement: Sendable {
    /// The element's name; a choice bears it without `[x]`.
    let name: String
    let isChoice: Bool
    let isRequired: Bool
    let isRepeating: Bool
    /// The types that it may have; empty when it must never appear.
    let uses: [FHIRTypeUse]

    init(name: String, isChoice: Bool, isRequired: Bool, isRepeating: Bool, uses: [FHIRTypeUse]) {
        self.name = name
        self.isChoice = isChoice
        self.isRequired = isRequired
        self.isRepeating = isRepeating
        self.uses = uses
    }

    /// The JSON member that holds a value of this type.
    func member(for use: FHIRTypeUse) -> String {
        isChoice ? name + use.suffix.prefix(1).uppercased() + use.suffix.dropFirst() : name
    }
}

/// One type that an element may have.
final class FHIRTypeUse: Sendable {
    enum Kind: Sendable {
        case primitive(FHIRPrimitive)
        /// A primitive that has no sibling for extensions, as `id` and `Extension.url`.
        case attribute(FHIRPrimitive)
        /// The shape of that name.
        case complex(String)
        case resource
    }

    let kind: Kind
    /// The type's name as it stands in a choice's member: `valueQuantity`.
    let suffix: String
    /// The resource types that a Reference may name; empty when any may be named.
    let targets: [String]
    /// The value set whose codes are required.
    let valueSet: String?

    init(kind: Kind, suffix: String, targets: [String], valueSet: String?) {
        self.kind = kind
        self.suffix = suffix
        self.targets = targets
        self.valueSet = valueSet
    }
}

/// What one JSON member means.
final class FHIRMember: Sendable {
    /// Its place in `FHIRShape.elements`.
    let element: Int
    let use: FHIRTypeUse
    /// Whether the member begins with `_` and carries the id and extensions of a primitive.
    let isSibling: Bool
    /// The member's name without `_`.
    let base: String

    init(element: Int, use: FHIRTypeUse, isSibling: Bool, base: String) {
        self.element = element
        self.use = use
        self.isSibling = isSibling
        self.base = base
    }
}
