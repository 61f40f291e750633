import JSON

/// A place inside JSON: member names and array indices.
struct Place: CustomStringConvertible {
    enum Step: Equatable {
        case member(String)
        case index(Int)
    }

    var steps: [Step] = []

    func appending(_ name: String) -> Place { Place(steps: steps + [.member(name)]) }

    /// Whether a problem's location, such as `Patient.name[0].given`, means this place.
    ///
    /// A choice's location bears the element's name (`value`) and not the member's (`valueString`).
    func isAt(_ location: String) -> Bool {
        var found = location.split(separator: ".").map(String.init)[...]
        if !(found.first == "resourceType" && steps == [.member("resourceType")]) { found = found.dropFirst() }
        var wanted: [String] = []
        for step in steps {
            switch step {
            case .member(let name): wanted.append(name.hasPrefix("_") ? String(name.dropFirst()) : name)
            case .index(let index): wanted[wanted.count - 1] += "[\(index)]"
            }
        }
        return found.count == wanted.count && zip(found, wanted).allSatisfy { $0 == $1 || (!$1.contains("[") && $1.hasPrefix($0)) }
    }

    var description: String { steps.map { "\($0)" }.joined(separator: " ") }
}

extension JSON {
    /// All places whose value is of the kind asked for.
    func places(_ isWanted: (JSON) -> Bool) -> [Place] {
        var found: [Place] = []
        collect(Place(), isWanted, &found)
        return found
    }

    private func collect(_ place: Place, _ isWanted: (JSON) -> Bool, _ found: inout [Place]) {
        if isWanted(self) { found.append(place) }
        for member in objectValue?.members ?? [] { member.value.collect(place.appending(member.key), isWanted, &found) }
        for (index, element) in (arrayValue ?? []).enumerated() {
            element.collect(Place(steps: place.steps + [.index(index)]), isWanted, &found)
        }
    }

    /// The same JSON with the value at a place changed.
    func replacing(_ place: Place, with change: (JSON) -> JSON) -> JSON {
        guard let step = place.steps.first else { return change(self) }
        let rest = Place(steps: Array(place.steps.dropFirst()))
        switch (step, self) {
        case (.member(let name), .object(var object)):
            object[name] = object[name]?.replacing(rest, with: change)
            return .object(object)
        case (.index(let index), .array(var elements)):
            elements[index] = elements[index].replacing(rest, with: change)
            return .array(elements)
        default: return self
        }
    }
}

/// A small random generator, the same on every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
