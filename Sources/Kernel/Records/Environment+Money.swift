/// Rounding amounts to what their currency has.
extension Environment {
    /// The amounts of new records, rounded in what will be stored and in what the trail says.
    func roundNew(_ values: inout [FieldValue], of id: Int, in model: ModelSchema) throws {
        for index in values.indices {
            let value = values[index]
            guard let currency = model.currencies[value.field.slot], case .amount(let amount) = value.value, amount != .zero else {
                continue
            }
            let rounded = Value.amount(try self.rounded(amount, by: currency, of: id, in: model))
            if rounded == value.value { continue }
            values[index] = FieldValue(value.field, rounded)
            if !value.field.isComputed || value.field.hasColumn { unit.cache(model).set(id, value.field.slot, rounded) }
        }
    }

    /// An amount as the currency of a record has it.
    func rounded(_ amount: Amount, by currency: Field, of id: Int, in model: ModelSchema) throws -> Amount {
        let superuser = asSuperuser("an amount is rounded whoever writes it")
        guard let chosen = try superuser.value(model, id, currency).intValue else { return amount }
        return amount.rounded(to: try superuser.step(of: chosen, currency))
    }

    /// What amounts in a currency are rounded to; remembered until a currency changes.
    func step(of id: Int, _ currency: Field) throws -> Amount {
        let steps = unit.thing(CurrencySteps.self) { CurrencySteps() }
        guard let target = currency.kind.comodel, let model = registry.model(target), let step = model.roundingStep else { return .zero }
        if unit.touchedModels.contains(model.index) { return try step(Records(model, [id], asSuperuser("a currency is no secret")), id) }
        if let known = steps.byId[id] { return known }
        let found = try remembered("kernel.step \(target) \(id)", from: [target]) { env in try step(Records(model, [id], env), id) }
        steps.byId[id] = found
        return found
    }
}

/// Steps of currencies, for one unit of work.
private final class CurrencySteps {
    var byId: [Int: Amount] = [:]
}

extension Records {
    /// The values to be written, with amounts rounded to each record's currency, by the records that get the same; nil when nothing differs.
    ///
    /// A record whose currency changes has the amounts that it keeps rounded too.
    func settle(_ values: [FieldValue]) throws -> [(ids: [Int], values: [FieldValue])]? {
        let changed = values.map(\.field).filter { field in model.currencies.contains { $0.value === field } }
        let amounts = values.contains { model.currencies[$0.field.slot] != nil && !$0.value.isNull }
        guard amounts || !changed.isEmpty else { return nil }
        var order: [[Value]] = []
        var groups: [[Value]: (ids: [Int], values: [FieldValue])] = [:]
        for id in ids {
            let settled = try settle(values, of: id, changed)
            let key = settled.map(\.value)
            if groups[key] == nil { order.append(key) }
            groups[key, default: ([], settled)].ids.append(id)
        }
        return order.compactMap { groups[$0] }
    }

    private func settle(_ values: [FieldValue], of id: Int, _ changed: [Field]) throws -> [FieldValue] {
        let superuser = env.asSuperuser("an amount is rounded whoever writes it")
        func step(_ currency: Field) throws -> Amount {
            let given = values.last { $0.field === currency }?.value
            guard let chosen = try (given ?? superuser.value(model, id, currency)).intValue else { return .zero }
            return try superuser.step(of: chosen, currency)
        }
        var settled = try values.map { value in
            guard let currency = model.currencies[value.field.slot], case .amount(let amount) = value.value else { return value }
            return FieldValue(value.field, .amount(amount.rounded(to: try step(currency))))
        }
        for currency in changed {
            for (slot, link) in model.currencies where link === currency {
                let field = model.fields[slot]
                guard field.hasColumn, !field.isComputed, !values.contains(where: { $0.field === field }),
                    case .amount(let amount) = try superuser.value(model, id, field)
                else { continue }
                settled.append(FieldValue(field, .amount(amount.rounded(to: try step(currency)))))
            }
        }
        return settled
    }
}

extension ModelSchema {
    /// Values that were found, as the field keeps them: amounts rounded, pictures reduced.
    func fitted(_ values: [Value], _ field: Field, _ records: Records) throws -> [Value] {
        if field.traits.pictureSize.isLimited {
            return try values.map { value in
                guard case .bytes(let bytes) = value else { return value }
                return .bytes(try records.env.reduced(bytes, field, self))
            }
        }
        guard case .monetary = field.kind, let currency = currencies[field.slot] else { return values }
        return try zip(records.ids, values).map { id, value in
            guard case .amount(let amount) = value else { return value }
            return .amount(try records.env.rounded(amount, by: currency, of: id, in: self))
        }
    }
}
