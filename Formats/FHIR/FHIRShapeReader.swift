/// Reads the lines of one type in `types.txt`; the notation is explained in `scripts/fhir-definitions`.
struct FHIRShapeReader {
    /// The type's name.
    let type: String
    let isResource: Bool
    let isAbstract: Bool
    /// The type's lines after its heading.
    let lines: [Substring]
    /// What `%` stands for.
    let openChoice: String
    /// The elements that a parent type passes on.
    let inherited: (String) -> [FHIRElement]

    /// All shapes of the type, by name: `Task`, `Task.restriction`, `Task.input` …
    func shapes(parent: String?) -> [String: FHIRShape] {
        var levels = [Level(name: type, elements: parent.map(inherited) ?? [])]
        var shapes: [String: FHIRShape] = [:]
        for line in lines {
            let depth = line.prefix { $0 == "." }.count
            while levels.count > depth + 1 { close(&levels, into: &shapes) }
            let words = line.dropFirst(depth).split(separator: " ")
            precondition(words.count == 3 && levels.count == depth + 1, "types.txt: not a line of \(type): \(line)")
            let path = levels[depth].name + "." + words[0]
            levels[depth].add(element(String(words[0]), String(words[1]), words[2], path: path))
            if words[2] == "BackboneElement" || words[2] == "Element" {
                levels.append(Level(name: path, elements: inherited(String(words[2]))))
            }
        }
        while !levels.isEmpty { close(&levels, into: &shapes) }
        return shapes
    }

    private struct Level {
        let name: String
        var elements: [FHIRElement]

        /// Adds an element, or restates one that the parent passed on.
        mutating func add(_ element: FHIRElement) {
            elements.removeAll { $0.name == element.name }
            elements.append(element)
        }
    }

    private func close(_ levels: inout [Level], into shapes: inout [String: FHIRShape]) {
        let level = levels.removeLast()
        let isWhole = levels.isEmpty
        shapes[level.name] = FHIRShape(
            name: level.name, isResource: isWhole && isResource, isAbstract: isWhole && isAbstract, elements: level.elements)
    }

    private func element(_ name: String, _ cardinality: String, _ types: Substring, path: String) -> FHIRElement {
        let isChoice = name.hasSuffix("[x]")
        let text = types == "%" ? openChoice[...] : types
        return FHIRElement(
            name: isChoice ? String(name.dropLast(3)) : name, isChoice: isChoice,
            isRequired: cardinality == "1" || cardinality == "+", isRepeating: cardinality == "*" || cardinality == "+",
            uses: cardinality == "0" ? [] : text.split(separator: "|").map { use($0, path: path) })
    }

    private func use(_ text: Substring, path: String) -> FHIRTypeUse {
        if text.hasPrefix("=") { return complex("\(type).\(text.dropFirst())") }
        if text == "BackboneElement" || text == "Element" { return complex(path) }
        if text == "Resource" { return FHIRTypeUse(kind: .resource, suffix: "Resource", targets: [], valueSet: nil) }
        if text.hasPrefix("@"), let primitive = FHIRPrimitive(rawValue: String(text.dropFirst())) {
            return FHIRTypeUse(kind: .attribute(primitive), suffix: primitive.rawValue, targets: [], valueSet: nil)
        }
        if text.hasPrefix("Reference(") {
            let targets = text.dropFirst("Reference(".count).dropLast().split(separator: ",").map(String.init)
            return complex("Reference", targets: targets)
        }
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let valueSet = parts.count > 1 ? parts[1] : nil
        guard let primitive = FHIRPrimitive(rawValue: parts[0]) else { return complex(parts[0], valueSet: valueSet) }
        return FHIRTypeUse(kind: .primitive(primitive), suffix: parts[0], targets: [], valueSet: valueSet)
    }

    private func complex(_ shape: String, targets: [String] = [], valueSet: String? = nil) -> FHIRTypeUse {
        let suffix = shape == "SimpleQuantity" ? "Quantity" : shape
        return FHIRTypeUse(kind: .complex(shape), suffix: suffix, targets: targets, valueSet: valueSet)
    }
}
