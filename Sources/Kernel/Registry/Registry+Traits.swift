import Crypto

/// What traits of fields mean for their model.
extension Registry {
    /// PostgreSQL cuts identifiers after 63 bytes.
    private static let longestName = 63

    /// Gives a field whose values differ by company its table, and refuses what cannot be kept so.
    func keepByCompany(_ field: Field, of model: ModelSchema) throws {
        let traits = field.traits
        switch field.kind {
        case .boolean, .integer, .float, .char, .text, .html, .selection, .date, .datetime, .many2one(_, .setNull), .many2one(_, .restrict):
            break
        default: throw Refusal.byCompany(field, model, "cannot be of the type \(field.type), or cascade")
        }
        if field.isComputed || !traits.stored || traits.sparse != nil || traits.isDelegate {
            throw Refusal.byCompany(field, model, "must be stored, and not computed")
        }
        if traits.required { throw Refusal.byCompany(field, model, "cannot be required: other companies have no value") }
        field.companyTable = Registry.tableName(model.table + "__" + field.name)
        if case .value(let value) = traits.defaultValue { field.fallback = try field.normalised(value, in: model) }
        model.hasCompanyValues = true
    }

    private static func tableName(_ full: String) -> String {
        guard full.utf8.count > longestName else { return full }
        return full.prefix(longestName - 9) + "_" + SHA256.hash(full).hex.prefix(8)
    }

    /// Marks what is found from a value that differs by company: it differs too, and cannot be stored.
    func spreadCompanies(from field: Field, of model: ModelSchema) throws {
        for trigger in model.triggers[field.slot] where !trigger.field.isByCompany {
            let found = trigger.field
            guard !found.isStoredComputed else {
                throw Refusal.byCompany(found, trigger.model, "is stored, but found from '\(field.name)', which differs by company")
            }
            found.isByCompany = true
            found.isGuarded = true
            try spreadCompanies(from: found, of: trigger.model)
        }
    }

    /// Finds the currencies of amounts, and the links that must stay within a company.
    func readTraits(of model: ModelSchema) {
        for field in model.fields {
            guard case .monetary(let name) = field.kind, let currency = model.field(name), let target = currency.kind.comodel,
                modelsByName[target]?.roundingStep != nil
            else { continue }
            model.currencies[field.slot] = currency
        }
        let ownCompany = model.name == "res.company" ? nil : model.field("company_id")
        guard let ownCompany, ownCompany.kind.comodel == "res.company" else { return }
        model.companyChecked = model.fields.filter { field in
            guard field.traits.checksCompany, let target = field.kind.comodel.flatMap({ modelsByName[$0] }) else { return false }
            return target.field("company_id")?.kind.comodel == "res.company"
        }
    }
}

extension Refusal {
    static func byCompany(_ field: Field, _ model: ModelSchema, _ why: String) -> Refusal {
        Refusal(
            "registry.by_company", .invalid, "The field '\(field.name)' of '\(model.name)' \(why).",
            instruction: "Keep one value for all companies, or change what the field is.")
    }
}
