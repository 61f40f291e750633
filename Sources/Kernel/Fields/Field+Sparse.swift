import JSON

/// Values that stand beside others in one JSON field: written by an inverse, read by a computation, so that every door has them.
extension Field {
    static func keepSparse(_ name: String, _ kind: FieldKind, in container: String, _ traits: inout FieldTraits) {
        precondition(!kind.isToMany && kind != .binary, "The sparse field \(name) must hold one value that JSON can say.")
        let probe = Field(name, kind)
        traits.compute = Compute([container]) { records in
            try records.ids.map { id in
                guard case .json(.object(let object)) = try records.value(id, container), let json = object[name] else {
                    return probe.empty
                }
                let value = try probe.normalised(Value(plain: json), in: records.model)
                return value.isNull ? probe.empty : value
            }
        }
        traits.inverse = { records, value in
            for id in records.ids {
                var object: JSONObject = [:]
                if case .json(.object(let known)) = try records.value(id, container) { object = known }
                object[name] = value.isNull ? Optional.none : value.asJSON
                try records.only(id).write([container: object.isEmpty ? .null : .json(.object(object))])
            }
        }
        traits.copied = false
    }
}

extension Value {
    /// A JSON scalar as what a caller would send for it; anything with a structure stays JSON.
    package init(plain json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .string(let text): self = .text(text)
        case .array, .object: self = .json(json)
        default:
            if let int = json.intValue { self = .int(int) } else { self = .text(String(decoding: json.serialized(), as: UTF8.self)) }
        }
    }
}
