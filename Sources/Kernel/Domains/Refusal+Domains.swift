extension Refusal {
    /// The domain is not Odoo's prefix list.
    static func malformedDomain(_ domain: Value) -> Refusal {
        Refusal(
            "domain.malformed", .invalid, "Domain() malformed domain \(domain.literal)",
            instruction: "Send a list of conditions [path, operator, value] with '&', '|' and '!' before what they join.")
    }

    /// A member of the domain's list is neither a condition nor one of `&`, `|`, `!`.
    static func invalidDomainItem(_ item: Value) -> Refusal {
        Refusal("domain.invalid_item", .invalid, "Domain() invalid item in domain: \(item.literal)")
    }

    /// The field of a condition does not exist.
    static func unknownField(_ model: String, in condition: String, path: String) -> Refusal {
        Refusal("domain.unknown_field", .invalid, "Invalid field \(model).\(path) in condition \(condition)")
    }

    /// The operator does not exist, or not for this kind of field.
    static func invalidOperator(_ condition: String) -> Refusal {
        Refusal("domain.invalid_operator", .invalid, "Invalid operator in condition \(condition)")
    }

    /// `any!` and `not any!` would pass over record rules.
    static func internalOperator(_ condition: String) -> Refusal {
        Refusal(
            "domain.internal_operator", .invalid, "Invalid operator in condition \(condition)",
            instruction: "Use 'any' or 'not any'; record rules always apply.")
    }

    /// The value cannot be compared with the field.
    static func invalidValue(_ condition: String, expected: String) -> Refusal {
        Refusal("domain.invalid_value", .invalid, "Invalid value in condition \(condition)", instruction: "Compare with \(expected).")
    }

    /// The field is computed, is not stored, and says no way to search for it.
    static func notSearchable(_ field: String, in model: String) -> Refusal {
        Refusal(
            "domain.not_searchable", .invalid, "Non-stored field \(model).\(field) cannot be searched.",
            instruction: "Search for a stored field.")
    }

    /// The domain is larger than a named limit allows.
    static func domainLimit(_ what: String, _ limit: Int) -> Refusal {
        Refusal("domain.limit", .limit, "The domain has more than \(limit) \(what).", instruction: "Split the search.")
    }

    /// A domain's text is not a Python literal with names.
    static func domainText(_ what: String, at place: Int) -> Refusal {
        Refusal("domain.text", .invalid, "The domain's text is not understood: \(what) at character \(place + 1).")
    }

    /// A domain's text uses a name that stands for nothing.
    static func unknownName(_ name: String) -> Refusal {
        Refusal(
            "domain.unknown_name", .invalid, "The name '\(name)' means nothing in a domain.",
            instruction: "Use user, uid, company_id, company_ids or time.strftime.")
    }

    /// An order that cannot be followed.
    static func invalidOrder(_ term: String, _ why: String) -> Refusal {
        Refusal(
            "order.invalid", .invalid, "Invalid order term '\(term)': \(why).",
            instruction: "Name stored fields, each optionally followed by asc or desc and nulls first or nulls last.")
    }

    /// A grouping or an aggregate that cannot be made.
    static func invalidGroup(_ term: String, _ why: String) -> Refusal {
        Refusal("group.invalid", .invalid, "Invalid group specification '\(term)': \(why).")
    }
}
