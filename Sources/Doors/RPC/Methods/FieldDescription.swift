import Kernel

/// What clients learn of a field.
enum FieldDescription {
    /// The attributes of a field, Odoo's names; `wanted` limits them.
    static func map(_ field: Field, _ model: ModelSchema, wanted: [String]?) -> ValueMap {
        var map = common(field)
        kind(field, &map)
        guard let wanted, !wanted.isEmpty else { return map }
        map.entries.removeAll { !wanted.contains($0.name) }
        return map
    }

    private static func common(_ field: Field) -> ValueMap {
        let traits = field.traits
        let isSearchable = field.isKept || field.kind.isToMany && !field.isComputed || traits.search != nil || traits.related != nil
        var map: ValueMap = [
            "change_default": false, "company_dependent": .bool(traits.isByCompany),
            "default_export_compatible": .bool(traits.stored && !traits.readonly),
            "depends": .list((traits.compute?.dependencies ?? traits.related.map { [$0] } ?? []).map { .text($0) }),
            "exportable": true, "groupable": .bool(isGroupable(field)), "manual": .bool(traits.isCustom), "name": .text(field.name),
            "readonly": .bool(traits.readonly), "required": .bool(traits.required), "searchable": .bool(isSearchable),
            "sortable": .bool((field.isKept || traits.isSortedElsewhere) && field.kind != .binary && field.kind != .json),
            "store": .bool(traits.stored || field.kind.isToMany && !field.isComputed), "string": .text(traits.title),
            "type": .text(field.type),
        ]
        if !traits.help.isEmpty { map["help"] = .text(traits.help) }
        if let path = traits.related { map["related"] = .text(path) }
        if !traits.falsyLabel.isEmpty { map["falsy_value_label"] = .text(traits.falsyLabel) }
        if !traits.groups.isEmpty { map["groups"] = .text(traits.groups.joined(separator: ",")) }
        return map
    }

    private static func isGroupable(_ field: Field) -> Bool {
        switch field.kind {
        case .binary, .json, .one2many, .many2many, .text, .html: false
        default: field.isKept && field.slot != ModelSchema.Slot.id
        }
    }

    private static func kind(_ field: Field, _ map: inout ValueMap) {
        let traits = field.traits
        if let comodel = field.kind.comodel {
            map["relation"] = .text(comodel)
            map["context"] = [:]
            map["domain"] = traits.domain.value
        }
        switch field.kind {
        case .integer, .float:
            if let digits = traits.digits { map["digits"] = [.int(digits.total), .int(digits.places)] }
            if let aggregator = traits.aggregator { map["aggregator"] = .text(aggregator) }
        case .monetary(let currency):
            map["currency_field"] = .text(currency)
            if let aggregator = traits.aggregator { map["aggregator"] = .text(aggregator) }
        case .boolean: map["aggregator"] = "bool_or"
        case .char:
            map["trim"] = true
            map["translate"] = .bool(traits.translated)
            if traits.size > 0 { map["size"] = .int(traits.size) }
        case .text: map["translate"] = .bool(traits.translated)
        case .html:
            map["translate"] = .bool(traits.translated)
            map["sanitize"] = .bool(traits.isSanitised)
            map["sanitize_tags"] = .bool(traits.isSanitised)
        case .selection(let items): map["selection"] = .list(items.map { [.text($0.value), .text($0.title)] })
        case .one2many(_, let inverse): map["relation_field"] = .text(inverse)
        case .many2oneReference(let modelField): map["model_field"] = .text(modelField)
        case .binary: map["attachment"] = .bool(!traits.isInline)
        default: break
        }
    }
}
