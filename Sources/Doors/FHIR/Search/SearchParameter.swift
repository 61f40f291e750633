import FHIR
import Kernel

/// A search parameter of a resource type, and the domain that one of its values means.
struct SearchParameter: Sendable {
    let name: String
    let kind: FHIRSearchParameter.Kind
    /// The field for `:missing`, where one field tells.
    var field: String?
    /// Where a chain such as `patient.identifier` goes on: the resource type behind the field.
    var target: String?
    var modifiers: Set<String> = []
    let domain: @Sendable (SearchValue, Environment) throws -> Domain
}

/// One value of a search parameter.
struct SearchValue: Sendable {
    let parameter: String
    let modifier: String?
    let text: String
    /// The door's address, for references that name it.
    let base: String

    func bad(_ expected: String) -> FHIRRefusal {
        FHIRRefusal(400, "fhir.bad_search_value", .value, "The value of '\(parameter)' is not \(expected).")
    }

    /// System and code of a token: `system|code`, `|code`, `code`; a system of nil means any.
    var token: (system: String?, code: String) {
        guard let bar = text.firstIndex(of: "|") else { return (nil, text) }
        return (String(text[..<bar]), String(text[text.index(after: bar)...]))
    }

    /// The ids of a reference to one of the types; nil when it leads elsewhere.
    func referenceId(_ types: [String]) -> Int? {
        if let id = Int(text) { return modifier == nil || types.contains(modifier ?? "") ? id : nil }
        let reference = FHIRReference(text: text)
        guard let type = reference.type, types.contains(type), let id = reference.id.flatMap({ Int($0) }) else { return nil }
        if let home = reference.base, home != base { return nil }
        return id
    }
}

extension SearchParameter {
    /// Text that begins so; `:exact` and `:contains` as FHIR says.
    static func string(_ name: String, _ fields: String...) -> SearchParameter {
        var parameter = SearchParameter(name: name, kind: .string) { value, _ in
            let escaped = LikeText.escape(value.text)
            return fields.reduce(.none) { sum, field in
                switch value.modifier {
                case "exact": sum | .where(field, .equal, .text(value.text))
                case "contains": sum | .where(field, .exactIlike, .text("%\(escaped)%"))
                default: sum | .where(field, .exactIlike, .text("\(escaped)%")) | .where(field, .exactIlike, .text("% \(escaped)%"))
                }
            }
        }
        parameter.field = fields.first
        parameter.modifiers = ["exact", "contains", "missing"]
        return parameter
    }

    /// A plain text that must be the same, whatever its case.
    static func text(_ name: String, _ field: String) -> SearchParameter {
        var parameter = SearchParameter(name: name, kind: .token) { value, _ in
            let code = value.token.code
            return code.isEmpty ? .none : .where(field, .exactIlike, .text(LikeText.escape(code)))
        }
        parameter.field = field
        parameter.modifiers = ["not", "missing"]
        return parameter
    }

    /// A code that a domain stands for; nil when no record has it.
    static func token(
        _ name: String, field: String? = nil, _ domain: @escaping @Sendable (String?, String, Environment) throws -> Domain
    ) -> SearchParameter {
        var parameter = SearchParameter(name: name, kind: .token) { value, env in
            let (system, code) = value.token
            return try domain(system.flatMap { $0.isEmpty ? nil : $0 }, code, env)
        }
        parameter.field = field
        parameter.modifiers = field == nil ? ["not"] : ["not", "missing"]
        return parameter
    }

    /// A code that stands in a field as it is.
    static func code(_ name: String, _ field: String, codes: [String: String] = [:]) -> SearchParameter {
        token(name, field: field) { _, code, _ in
            let known = codes.isEmpty ? code : codes[code]
            return known.map { .where(field, .equal, .text($0)) } ?? .none
        }
    }

    /// True or false in a field.
    static func flag(_ name: String, _ field: String) -> SearchParameter {
        token(name) { _, code, _ in
            switch code {
            case "true": .where(field, .equal, true)
            case "false": .where(field, .equal, false)
            default: .none
            }
        }
    }

    static func date(_ name: String, _ field: String, isDay: Bool = false) -> SearchParameter {
        var parameter = SearchParameter(name: name, kind: .date) { value, _ in
            guard let range = DateRange(value.text) else { throw value.bad("a date such as ge2026-11-20") }
            return range.domain(field, isDay: isDay)
        }
        parameter.field = field
        parameter.modifiers = ["missing"]
        return parameter
    }

    /// A link to another record; `types` are the resource types that the field's record may be.
    static func reference(_ name: String, _ field: String, _ types: String...) -> SearchParameter {
        var parameter = SearchParameter(name: name, kind: .reference) { value, env in
            guard value.modifier != "identifier" else { return try identified(value, field, types, env) }
            return value.referenceId(types).map { .where(field, .equal, .int($0)) } ?? .none
        }
        parameter.field = field
        parameter.target = types.first
        parameter.modifiers = Set(types).union(["identifier", "missing"])
        return parameter
    }

    /// The records whose link leads to one with an identifier.
    static func identified(_ value: SearchValue, _ field: String, _ types: [String], _ env: Environment) throws -> Domain {
        var sum = Domain.none
        for type in types {
            guard let inner = ResourceCatalogue.mapping(type)?.parameters.first(where: { $0.name == "identifier" }) else { continue }
            let plain = SearchValue(parameter: "identifier", modifier: nil, text: value.text, base: value.base)
            sum = sum | .related(field, try inner.domain(plain, env), negated: false)
        }
        return sum
    }
}

/// Text inside a pattern of `like`.
enum LikeText {
    static func escape(_ text: String) -> String {
        var result = ""
        for character in text {
            if character == "%" || character == "_" || character == "\\" { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
