import FHIR
import JSON
import Kernel

/// A search understood: what it asks for, in which order, and how much of it at a time.
struct SearchPlan {
    private struct Criterion {
        let parameter: SearchParameter
        let modifier: String?
        let values: [String]
        /// The parameter of the chained type, as in `patient.identifier`.
        let chained: SearchParameter?
    }

    let mapping: any ResourceMapping
    private var criteria: [Criterion] = []
    private var includes: [Include] = []
    private var order = "id"
    private var count: Int?
    private var offset = 0
    private var isCountOnly = false
    private var isLenient = false
    /// What was not understood and passed over.
    private var ignored: [String] = []
    /// The terms that were understood, for links.
    private var kept: [SearchTerm] = []

    /// The furthest that one may page.
    private static let offsetLimit = 1_000_000
    /// The most values of one parameter.
    private static let valueLimit = 500

    var hasCriteria: Bool { !criteria.isEmpty }

    /// Understands a search.
    ///
    /// - Throws: 400 for a parameter or modifier that is not known, unless leniency is asked for, and for a value that is none.
    init(_ call: FHIRCall, _ mapping: any ResourceMapping) throws {
        self.mapping = mapping
        isLenient = call.isLenient
        for term in call.query where term.name != "_format" && term.name != "_pretty" {
            if try take(term) {
                if term.name != "_offset" { kept.append(term) }
            } else {
                try pass(term)
            }
        }
    }

    private mutating func pass(_ term: SearchTerm) throws {
        guard isLenient else {
            throw FHIRRefusal(
                400, "fhir.unknown_parameter", .notSupported,
                "\(mapping.type) has no search parameter '\(term.name.shown)'. Leave it out, or send Prefer: handling=lenient.")
        }
        ignored.append(term.name.shown)
    }

    /// - Returns: Whether the term was understood.
    private mutating func take(_ term: SearchTerm) throws -> Bool {
        switch term.name {
        case "_count":
            guard let number = Int(term.value), number >= 0 else { throw bad(term, "a whole number") }
            count = number
        case "_offset":
            guard let number = Int(term.value), (0...SearchPlan.offsetLimit).contains(number) else {
                throw bad(term, "a number up to \(SearchPlan.offsetLimit)")
            }
            offset = number
        case "_total": return ["none", "estimate", "accurate"].contains(term.value)
        case "_summary":
            guard ["count", "false"].contains(term.value) else { return false }
            isCountOnly = term.value == "count"
        case "_sort": return sort(term.value)
        case "_include":
            guard let include = Include(term.value, mapping.type) else { return false }
            includes.append(include)
        default: return try criterion(term)
        }
        return true
    }

    private mutating func sort(_ text: String) -> Bool {
        var terms: [String] = []
        for part in text.split(separator: ",") {
            let isDescending = part.hasPrefix("-")
            let name = isDescending ? part.dropFirst() : part
            guard let field = SearchPlan.parameter(String(name), of: mapping)?.field ?? (name == "_id" ? "id" : nil) else { return false }
            terms.append(isDescending ? field + " desc" : field)
        }
        order = (terms + ["id"]).joined(separator: ", ")
        return true
    }

    private mutating func criterion(_ term: SearchTerm) throws -> Bool {
        let halves = term.name.split(separator: ".", maxSplits: 1).map(String.init)
        let named = halves[safe: 0]?.split(separator: ":", maxSplits: 1).map(String.init) ?? []
        guard let name = named.first, let parameter = SearchPlan.parameter(name, of: mapping) else { return false }
        let modifier = named[safe: 1]
        if let modifier, !parameter.modifiers.contains(modifier) { return false }
        let values = SearchPlan.split(term.value)
        guard !values.isEmpty else { throw bad(term, "set") }
        guard values.count <= SearchPlan.valueLimit else { throw bad(term, "a list of at most \(SearchPlan.valueLimit) values") }
        guard halves.count == 2 else {
            criteria.append(Criterion(parameter: parameter, modifier: modifier, values: values, chained: nil))
            return true
        }
        guard let target = modifier ?? parameter.target, parameter.field != nil, let inner = ResourceCatalogue.mapping(target),
            let chained = SearchPlan.parameter(halves[1], of: inner)
        else { return false }
        criteria.append(Criterion(parameter: parameter, modifier: modifier, values: values, chained: chained))
        return true
    }

    private func bad(_ term: SearchTerm, _ expected: String) -> FHIRRefusal {
        FHIRRefusal(400, "fhir.bad_search_value", .value, "The value of '\(term.name.shown)' is not \(expected).")
    }

    static func parameter(_ name: String, of mapping: any ResourceMapping) -> SearchParameter? {
        mapping.parameters.first { $0.name == name } ?? common.first { $0.name == name }
    }

    /// What every resource type is searched by.
    static let common: [SearchParameter] = [
        SearchParameter(name: "_id", kind: .token) { value, _ in Int(value.text).map { .where("id", .equal, .int($0)) } ?? .none },
        .date("_lastUpdated", "write_date"),
    ]

    /// The values between commas; `\,` is a comma.
    private static func split(_ text: String) -> [String] {
        var values: [String] = []
        var current = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                current.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "," {
                values.append(current)
                current = ""
            } else {
                current.append(character)
            }
        }
        return (values + [current]).filter { !$0.isEmpty }
    }
}

extension SearchPlan {
    /// What the search asks for, access aside, which the kernel adds.
    func domain(_ context: FHIRContext) throws -> Domain {
        var domain = try mapping.scope(context.env)
        for criterion in criteria { domain = domain & (try one(criterion, context)) }
        return domain
    }

    private func one(_ criterion: Criterion, _ context: FHIRContext) throws -> Domain {
        if criterion.modifier == "missing" {
            guard let field = criterion.parameter.field else { return .none }
            return .where(field, criterion.values[0] == "true" ? .equal : .notEqual, .null)
        }
        let parameter = criterion.chained ?? criterion.parameter
        var sum = Domain.none
        for text in criterion.values {
            let modifier = criterion.chained == nil ? criterion.modifier : nil
            let value = SearchValue(parameter: parameter.name, modifier: modifier, text: text, base: context.base)
            sum = sum | (try parameter.domain(value, context.env))
        }
        if criterion.chained != nil, let field = criterion.parameter.field { return .related(field, sum, negated: false) }
        return criterion.modifier == "not" ? .not(sum) : sum
    }

    /// The ids that match, in order.
    func ids(_ context: FHIRContext, limit: Int) throws -> [Int] {
        let env = try context.env.with(context: ["active_test": false])
        let model = try env.registry.requireModel(mapping.model)
        return try env.search(model, domain(context), order: order, offset: offset, limit: limit).ids
    }

    /// One page as a searchset.
    func page(_ context: FHIRContext) throws -> FHIRResource {
        let env = try context.env.with(context: ["active_test": false])
        let model = try env.registry.requireModel(mapping.model)
        let domain = try domain(context)
        let total = try env.searchCount(model, domain)
        let size = min(count ?? context.limits.pageSize, context.limits.largestPage)
        if isCountOnly || size == 0 {
            return FHIRBundle.searchset(
                base: context.base, matches: [], outcome: outcome, total: total, links: [("self", link(context, size, 0))])
        }
        let found = try env.search(model, domain, order: order, offset: offset, limit: size)
        let matches = try mapping.resources(found, context)
        let included = try Include.load(includes, for: matches, context)
        return FHIRBundle.searchset(
            base: context.base, matches: matches, included: included, outcome: outcome, total: total, links: links(context, size, total))
    }

    private var outcome: FHIROutcome? {
        if ignored.isEmpty { return nil }
        return FHIROutcome(
            ignored.map { FHIRProblem(.notSupported, "The search parameter '\($0)' is not known and was passed over.", severity: .warning) }
        )
    }

    private func links(_ context: FHIRContext, _ size: Int, _ total: Int) -> FHIRBundle.Links {
        var links: FHIRBundle.Links = [("self", link(context, size, offset))]
        if offset > 0 { links.append(("previous", link(context, size, max(0, offset - size)))) }
        if offset + size < total { links.append(("next", link(context, size, offset + size))) }
        return links
    }

    private func link(_ context: FHIRContext, _ size: Int, _ offset: Int) -> String {
        var terms = kept.filter { $0.name != "_count" } + [SearchTerm(name: "_count", value: String(size))]
        if offset > 0 { terms.append(SearchTerm(name: "_offset", value: String(offset))) }
        return "\(context.base)/\(mapping.type)?"
            + terms.map { QueryText.escape($0.name) + "=" + QueryText.escape($0.value) }.joined(separator: "&")
    }
}

/// Percent-encoding for links.
enum QueryText {
    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:,/".utf8)
    private static let digits = Array("0123456789ABCDEF")

    static func escape(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            if plain.contains(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return result
    }
}

extension Array {
    /// The element at a place; nil when there is none.
    subscript(safe place: Int) -> Element? { indices.contains(place) ? self[place] : nil }
}
