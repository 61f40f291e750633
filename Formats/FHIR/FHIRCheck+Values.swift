import JSON

// The values of one element: arrays or single values, with the siblings that carry a primitive's id and extensions.

extension FHIRCheck {
    mutating func values(_ value: JSON?, sibling: JSON?, _ use: FHIRTypeUse, _ element: FHIRElement) {
        guard element.isRepeating else {
            if case .array? = value ?? sibling {
                return report(.structure, "`\(element.name)` may stand once only and must not be an array.")
            }
            return one(value, sibling: sibling, use)
        }
        let elements = array(value)
        let siblings = array(sibling)
        guard elements != nil || siblings != nil else { return }
        if let elements, let siblings, elements.count != siblings.count {
            report(.structure, "The array and its `_` array differ in length. Fill the shorter one with null.", .warning)
        }
        for index in 0..<max(elements?.count ?? 0, siblings?.count ?? 0) where !isFull {
            trail.index(index)
            let beside = siblings?.at(index)
            one(elements?.at(index), sibling: beside.flatMap { $0.isNull ? .none : .some($0) }, use, isInArray: siblings != nil)
        }
    }

    /// The elements of an array; reports what is no array, or an empty one.
    private mutating func array(_ value: JSON?) -> [JSON]? {
        guard let value else { return nil }
        guard case .array(let elements) = value else {
            report(.structure, "This element may repeat, so its value must be an array.")
            return nil
        }
        if elements.isEmpty { report(.invalid, "The array is empty. Leave the element out or give it content.") }
        return elements.isEmpty ? nil : elements
    }

    private mutating func one(_ value: JSON?, sibling: JSON?, _ use: FHIRTypeUse, isInArray: Bool = false) {
        switch use.kind {
        case .primitive(let type):
            primitive(value, sibling: sibling, type, use, isInArray: isInArray)
        case .attribute(let type):
            primitive(value, sibling: nil, type, use, isInArray: false)
        case .complex(let name):
            guard let value, let shape = shape(name) else { return }
            complex(value, shape)
            coded(value, use)
            dataTypeRules(value, type: name, targets: use.targets)
        case .resource:
            guard let value, !isTooDeep() else { return }
            resource(value, isContained: trail.isInContained)
        }
    }

    // MARK: Primitives

    private mutating func primitive(
        _ value: JSON?, sibling: JSON?, _ type: FHIRPrimitive, _ use: FHIRTypeUse, isInArray: Bool
    ) {
        if let sibling { beside(sibling, hasValue: value != nil && value != .null) }
        guard let value, value != .null else {
            if sibling == nil && value != nil {
                report(
                    .structure,
                    isInArray
                        ? "Value and extensions are both null here. Leave the place out." : "null is not allowed. Leave the element out.")
            }
            return
        }
        guard FHIRCheck.carrier(of: value) == type.carrier else {
            return report(.structure, "A \(type.carrier.rawValue) is expected here for type \(type.rawValue).")
        }
        if case .string(let text) = value {
            if text.isEmpty { return report(.invalid, "The string is empty. Leave the element out or give it content.") }
            if type != .base64Binary, text.utf8.count > limits.maxStringBytes {
                return report(.tooLong, "The string is longer than \(limits.maxStringBytes) bytes.")
            }
        }
        guard type.accepts(value) else {
            return report(type == .xhtml ? .invalid : .value, "A value of type \(type.rawValue) must be \(type.wanted).")
        }
        if let name = use.valueSet, let code = value.stringValue, let set = definitions.valueSet(name), !set.contains(code) {
            report(.codeInvalid, "The code is not in the required value set \(name): \(set.hint).")
        }
    }

    private static func carrier(of value: JSON) -> FHIRPrimitive.Carrier? {
        switch value {
        case .bool: .boolean
        case .int, .double, .number: .number
        case .string: .string
        case .null, .array, .object: nil
        }
    }

    /// The object beside a primitive: `{ "id": …, "extension": [ … ] }`.
    private mutating func beside(_ sibling: JSON, hasValue: Bool) {
        guard case .object(let object) = sibling, let element = shape("Element") else {
            return report(.structure, "The `_` member of a primitive must be an object with `id` or `extension`.")
        }
        complex(sibling, element)
        if !hasValue, !object.isEmpty, object["extension"] == nil {
            report(.invalid, "An element without a value must have an extension.")
        }
    }
}

extension Array where Element == JSON {
    fileprivate func at(_ index: Int) -> JSON? { index < count ? self[index] : nil }
}
