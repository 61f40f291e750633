import Kernel

/// `read` and `search_read`.
enum ReadingMethods {
    static let all: [RPCMethod] = [
        .onRecords("read", ["fields", "load"]) { target, arguments in
            let fields = try RecordRows.fields(try arguments.texts("fields"), of: target.model, target.env)
            try target.env.checkRight(.read, on: target.model)
            // Without anything to fetch, what does not exist is left out; else it is told, both as in Odoo.
            let ids = fields.isEmpty ? try target.env.existing(target.ids, in: target.model) : target.ids
            var rows = RecordRows(records: Records(target.model, ids, target.env), fields: fields, limits: target.limits)
            rows.namesLinks = try namesLinks(arguments)
            if fields.isEmpty { try target.env.checkAccess(.read, target.model, ids) }
            return .rows(rows)
        },
        .onModel("search_read", ["domain", "fields", "offset", "limit", "order", "load"]) { target, arguments in
            let fields = try RecordRows.fields(try arguments.texts("fields"), of: target.model, target.env)
            let limit = try arguments.count("limit") ?? 0
            let (records, cells) = try target.env.list(
                target.model, try arguments.domain(), order: try arguments.text("order"), offset: try arguments.count("offset") ?? 0,
                limit: limit, fields: fields)
            var rows = RecordRows(records: records, fields: fields, limits: target.limits)
            rows.known = cells
            rows.namesLinks = try namesLinks(arguments)
            return .rows(rows)
        },
    ]

    /// Any `load` but Odoo's usual one gives links as bare ids; so does an explicit `None`.
    private static func namesLinks(_ arguments: RPCArguments) throws -> Bool {
        guard arguments.has("load") else { return true }
        return try arguments.text("load") == "_classic_read"
    }
}
