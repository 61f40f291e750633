/// Finding records.
extension Environment {
    /// The most records that one search without a limit may return.
    public static let searchLimit = 1_000_000

    /// Records of a Swift model that meet a domain, in the user's reach; archived ones only when asked for.
    public func search<M: Model>(
        _ type: M.Type, _ domain: Domain = .all, order: String? = nil, offset: Int = 0, limit: Int = 0
    ) throws -> Recordset<M> {
        Recordset(try search(registry.schema(type), domain, order: order, offset: offset, limit: limit))
    }

    /// Records of a model that meet a domain, in the user's reach; archived ones only when asked for.
    public func search(_ model: ModelSchema, _ domain: Domain, order: String? = nil, offset: Int = 0, limit: Int = 0) throws -> Records {
        try find(model, withActiveTest(domain, model), order: order, offset: offset, limit: limit, fields: [])
    }

    /// The same, bringing columns along into the cache.
    public func search(
        _ model: ModelSchema, _ domain: Domain, order: String?, offset: Int, limit: Int, fetching fields: [Field]
    ) throws -> Records {
        try find(model, withActiveTest(domain, model), order: order, offset: offset, limit: limit, fields: fields)
    }

    /// How many records meet a domain, counted no further than `limit` (0 for no limit).
    public func searchCount(_ model: ModelSchema, _ domain: Domain, limit: Int = 0) throws -> Int {
        let predicate = try predicate(model, withActiveTest(domain, model))
        try unit.flush()
        return try unit.transaction.count(model, predicate, limit: limit)
    }

    /// How many records of a Swift model meet a domain.
    public func count<M: Model>(_ type: M.Type, _ domain: Domain = .all) throws -> Int { try searchCount(registry.schema(type), domain) }

    /// The predicate of a domain and of what the user may read.
    public func predicate(_ model: ModelSchema, _ domain: Domain) throws -> Predicate {
        let reach = try accessPredicate(.read, model)
        return .both(try DomainResolver(env: self, model: model).resolve(domain), reach)
    }

    /// The domain with archived records left out, unless it speaks of `active` itself or the context asks for them.
    public func withActiveTest(_ domain: Domain, _ model: ModelSchema) -> Domain {
        guard model.field("active") != nil, context["active_test"] != .bool(false), !domain.mentions("active") else { return domain }
        return domain & .where("active", .equal, true)
    }

    /// The terms of an order. One that the caller gives keeps to what the caller may read: no masked fields, and nothing of linked records
    /// out of reach; the model's own order is the app's.
    private func orderTerms(_ text: String, _ model: ModelSchema) throws -> [OrderTerm] {
        let terms = try OrderClause.parse(text.isEmpty ? model.order : text, model: model, registry: registry, company: companyId)
        if isSuperuser || text.isEmpty { return terms }
        return try terms.map { term in
            try checkFields(term.path, of: model, .read)
            var term = term
            term.reach = try term.path.dropLast().map { field in
                let comodel = try registry.requireModel(field.kind.comodel ?? "")
                return allows(.read, on: comodel) ? try accessPredicate(.read, comodel) : .none
            }
            return term
        }
    }

    func find(_ model: ModelSchema, _ domain: Domain, order: String?, offset: Int = 0, limit: Int = 0, fields: [Field]) throws -> Records {
        let rows = try rows(model, domain, order: order, offset: offset, limit: limit, fields: fields)
        if !isSuperuser || !fields.isEmpty {
            let cache = unit.cache(model)
            let places = try fill(model, fields, rows)
            if !isSuperuser { for place in places { cache.markVisible(place, to: user.id) } }
        }
        return Records(model, rows.ids, self)
    }

    /// What a search finds in the tables, once everything that waits stands there.
    private func rows(
        _ model: ModelSchema, _ domain: Domain, order: String?, offset: Int, limit: Int, fields: [Field]
    ) throws -> FetchedRows {
        let predicate = try predicate(model, domain)
        try unit.flush()
        let terms = try orderTerms(order ?? "", model)
        var request = SearchRequest(model: model, predicate: predicate, order: terms)
        request.offset = offset
        request.limit = limit > 0 ? limit : Environment.searchLimit + 1
        request.fields = fields
        let rows = try unit.transaction.search(request)
        guard limit > 0 || rows.ids.count <= Environment.searchLimit else {
            throw Refusal(
                "search.limit", .limit, "More than \(Environment.searchLimit) records match.",
                instruction: "Name a limit, or narrow the domain.")
        }
        return rows
    }
}

/// Lists that are read once.
extension Environment {
    /// Records that meet a domain, with values of theirs: past the cache, where the table says everything that is asked.
    ///
    /// Shape: `cells` has the fields in the order given; it is nil when some of them are not plain columns, and they are then read one by one.
    package func list(
        _ model: ModelSchema, _ domain: Domain, order: String? = nil, offset: Int = 0, limit: Int = 0, fields: [Field]
    ) throws -> (records: Records, cells: RecordCells?) {
        try unit.flush()
        let isPlain = fields.allSatisfy { $0.hasColumn && $0.kind != .binary && (!$0.isGuarded || isSuperuser) }
        guard isPlain, unit.pending.isEmpty else {
            let columns = fields.filter { $0.hasColumn && $0.kind != .binary }
            return (try search(model, domain, order: order, offset: offset, limit: limit, fetching: columns), nil)
        }
        let rows = try rows(model, withActiveTest(domain, model), order: order, offset: offset, limit: limit, fields: fields)
        if model.patientPath != nil { for id in rows.ids { notePatientRead(model, id) } }
        return (Records(model, rows.ids, self), RecordCells(rows, fields))
    }
}
