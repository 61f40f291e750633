/// Fields that a record has because it carries another one.
extension Registry {
    /// Gives each model the fields of the models that its records carry, those of its own first.
    ///
    /// - Throws: `registry.delegate` for a link that may be empty, or that leads round in a circle.
    static func bringDelegates(into models: [ModelSchema], _ byName: [String: ModelSchema]) throws {
        var done: Set<Int> = []
        for model in models { try bringDelegates(into: model, byName, &done, above: []) }
    }

    private static func bringDelegates(
        into model: ModelSchema, _ byName: [String: ModelSchema], _ done: inout Set<Int>, above: [String]
    ) throws {
        let links = model.fields.filter(\.traits.isDelegate)
        if links.isEmpty || done.contains(model.index) { return }
        guard !above.contains(model.name) else {
            throw Refusal.delegate("The models \((above + [model.name]).joined(separator: ", ")) carry each other.")
        }
        for link in links {
            guard case .many2one(let name, let rule) = link.kind, link.traits.required, rule != .setNull, link.hasColumn else {
                throw Refusal.delegate(
                    "The delegate '\(link.name)' of '\(model.name)' must be a required many2one that restricts or cascades.")
            }
            guard let home = byName[name] else { continue }
            try bringDelegates(into: home, byName, &done, above: above + [model.name])
            for field in home.fields where field.slot > ModelSchema.Slot.version && model.field(field.name) == nil {
                try model.add(Field(delegating: field, of: home, by: link))
            }
        }
        model.delegates = links
        done.insert(model.index)
    }
}

extension Field {
    /// A field of a record that this one carries: read along the link, written and searched there.
    convenience init(delegating field: Field, of home: ModelSchema, by link: Field) {
        let isCopied = field.traits.copied && field.isKept && !field.isComputed
        self.init(
            field.name, field.kind, title: field.traits.title,
            [
                .traits { traits in
                    traits = field.traits
                    traits.related = link.name + "." + field.name
                    traits.compute = nil
                    traits.inverse = nil
                    traits.search = nil
                    traits.sparse = nil
                    traits.defaultValue = .none
                    traits.stored = false
                    traits.indexed = false
                    traits.indexKind = .btree
                    traits.tracked = false
                    traits.required = false
                    traits.isByCompany = false
                    traits.isDelegate = false
                    traits.isImage = false
                    traits.pictureSize = PictureSize(width: 0, height: 0)
                    traits.checksCompany = false
                    traits.copied = isCopied
                    traits.delegatedBy = link.name
                    traits.delegatedTo = home.name
                    traits.isSortedElsewhere = field.hasColumn || field.traits.isSortedElsewhere
                }
            ])
        findInverse = field.findInverse
    }
}

extension Environment {
    /// Makes the records that new ones carry, from the values that are really theirs; who makes them must be allowed to.
    func makeDelegates(_ list: inout [ValueMap], _ model: ModelSchema) throws {
        for link in model.delegates {
            let home = try registry.requireModel(link.kind.comodel ?? "")
            var places: [Int] = []
            var theirs: [ValueMap] = []
            for index in list.indices where list[index][link.name]?.isFalsy ?? true {
                var own = ValueMap()
                for entry in list[index].entries where model.field(entry.name)?.traits.delegatedBy == link.name {
                    own[entry.name] = entry.value
                    list[index][entry.name] = nil
                }
                places.append(index)
                theirs.append(own)
            }
            if theirs.isEmpty { continue }
            for (place, id) in zip(places, try create(home, theirs).ids) { list[place][link.name] = .int(id) }
        }
    }
}

extension Records {
    /// Writes what is found elsewhere back to where it comes from; the fields of one carried record together.
    func writeBack(_ values: [FieldValue]) throws {
        var carried: [String: ValueMap] = [:]
        for value in values {
            if let link = value.field.traits.delegatedBy {
                carried[link, default: [:]][value.field.name] = value.value
            } else if let inverse = value.field.traits.inverse {
                try inverse(self, value.value)
            }
        }
        for (link, values) in carried.sorted(by: { $0.key < $1.key }) { try related(link).write(values) }
    }
}

extension Refusal {
    static func delegate(_ sentence: String) -> Refusal {
        Refusal(
            "registry.delegate", .invalid, sentence, instruction: "Declare it with `.required` and `onDelete: .cascade` or `.restrict`.")
    }
}
