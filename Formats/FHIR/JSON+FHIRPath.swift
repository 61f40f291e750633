import JSON

// Paths through JSON members, with dots: `code.coding.0.code`. A number picks from an array; without a number the first
// element answers, or with `fhirValues` all of them.

extension JSON {
    /// The value at a path, or nil: `name.0.given.1`, `code.coding.system` (of the first coding).
    public func fhirValue(_ path: String) -> JSON? {
        var value = self
        for step in path.split(separator: ".") {
            if let index = Int(step) {
                guard let element = value[index] else { return nil }
                value = element
            } else {
                if case .array(let elements) = value, let first = elements.first { value = first }
                guard let member = value[String(step)] else { return nil }
                value = member
            }
        }
        return value
    }

    /// All values at a path, in order; arrays on the way and at its end are opened, so `name.given` yields every given name.
    public func fhirValues(_ path: String) -> [JSON] {
        var values = [self]
        for step in path.split(separator: ".") {
            if let index = Int(step) {
                values = values.compactMap { $0[index] }
            } else {
                values = values.flatMap(\.opened).compactMap { $0[String(step)] }
            }
        }
        return values.flatMap(\.opened)
    }

    /// An array's elements without nulls, or the value itself.
    private var opened: [JSON] {
        if case .array(let elements) = self { return elements.filter { $0 != .null } }
        return self == .null ? [] : [self]
    }
}
