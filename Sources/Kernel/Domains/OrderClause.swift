/// Orders as text: `priority desc, partner_id.name, date nulls last`.
public enum OrderClause {
    /// How long an order may be.
    public enum Limits {
        /// Terms that a caller may give.
        public static let terms = 16
        /// Terms after links were replaced by their models' orders.
        public static let expandedTerms = 32
        /// Links behind each other that are so replaced.
        public static let depth = 4
        /// Orders of a model that are remembered.
        static let remembered = 64
    }

    /// Reads an order; a many2one stands for the order of its own model, and ends in its id where that would turn in a circle.
    ///
    /// - Parameter company: Whose values are meant where each company has its own; without it such fields are refused.
    /// - Throws: `order.invalid` for a field that does not exist, is not stored or holds several records; `domain.limit` for too many terms.
    public static func parse(_ text: String, model: ModelSchema, registry: Registry, company: Int? = nil) throws -> [OrderTerm] {
        if let known = model.orders.withLock({ $0[text] }) { return known }
        let terms = try OrderReader(registry: registry, company: company).terms(text, model, trail: [])
        // An order by values that differ by company is each company's own.
        if terms.contains(where: { $0.path.contains(where: \.isByCompany) }) { return terms }
        model.orders.withLock { orders in
            if orders.count >= Limits.remembered { orders.removeAll() }
            orders[text] = terms
        }
        return terms
    }
}

private struct OrderReader {
    let registry: Registry
    let company: Int?

    func terms(_ text: String, _ model: ModelSchema, trail: [String]) throws -> [OrderTerm] {
        if text.allSatisfy(\.isWhitespace) { return [] }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= OrderClause.Limits.terms else { throw Refusal.domainLimit("order terms", OrderClause.Limits.terms) }
        var terms: [OrderTerm] = []
        for part in parts { terms += try term(part, model, trail: trail) }
        guard terms.count <= OrderClause.Limits.expandedTerms else {
            throw Refusal.domainLimit("order terms", OrderClause.Limits.expandedTerms)
        }
        return terms
    }

    private func term(_ text: Substring, _ model: ModelSchema, trail: [String]) throws -> [OrderTerm] {
        let words = text.split(whereSeparator: \.isWhitespace)
        let shown = words.joined(separator: " ")
        guard let path = words.first else { throw Refusal.invalidOrder(shown, "nothing stands between two commas") }
        var rest = words.dropFirst().map { $0.lowercased() }[...]
        var descending = false
        var nullsFirst: Bool?
        if rest.first == "asc" || rest.first == "desc" { descending = rest.removeFirst() == "desc" }
        if rest.first == "nulls", rest.count == 2, rest.last == "first" || rest.last == "last" {
            nullsFirst = rest.last == "first"
            rest = []
        }
        guard rest.isEmpty else { throw Refusal.invalidOrder(shown, "'\(rest.joined(separator: " "))' is no direction") }
        let fields = try fields(path, model, shown)
        let plain = OrderTerm(path: fields, descending: descending, nullsFirst: nullsFirst)
        guard let last = fields.last, case .many2one(let name, _) = last.kind else { return [plain] }
        let comodel = try registry.requireModel(name)
        // The order that the field's own model gives stands in for it, unless the way leads back.
        let longer = trail + [model.name]
        guard longer.count <= OrderClause.Limits.depth, !longer.contains(name) else { return [plain] }
        return try terms(comodel.order, comodel, trail: longer).map { inner in
            if inner.path.count == 1, inner.path[0].slot == ModelSchema.Slot.id {
                return OrderTerm(path: fields, descending: inner.descending != descending, nullsFirst: nullsFirst)
            }
            return OrderTerm(
                path: fields + inner.path, descending: inner.descending != descending, nullsFirst: nullsFirst ?? inner.nullsFirst)
        }
    }

    private func fields(_ path: Substring, _ model: ModelSchema, _ shown: String) throws -> [Field] {
        var names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        // The id behind a link is the link itself, and asks for no order of the other model.
        let endsInId = names.count > 1 && names.last == "id"
        if endsInId { names.removeLast() }
        var current = model
        var fields: [Field] = []
        var index = 0
        while index < names.count {
            let name = names[index]
            guard var field = current.field(name) else { throw Refusal.invalidOrder(shown, "'\(name)' is no field of '\(current.name)'") }
            if let link = field.traits.delegatedBy {
                // The value stands in the record that this one carries.
                names.insert(link, at: index)
                continue
            }
            if let company { field = field.seen(by: company) }
            guard field.hasColumn || field.isKept && company != nil else {
                throw Refusal.invalidOrder(shown, "'\(name)' is not stored in '\(current.name)'")
            }
            if case .binary = field.kind { throw Refusal.invalidOrder(shown, "'\(name)' holds bytes") }
            fields.append(field)
            index += 1
            guard index < names.count || endsInId else { break }
            guard case .many2one(let next, _) = field.kind else { throw Refusal.invalidOrder(shown, "'\(name)' leads to no record") }
            current = try registry.requireModel(next)
        }
        if endsInId { fields.append(current.fields[ModelSchema.Slot.id]) }
        return fields
    }
}
