import Kernel

/// `web_read` and `web_search_read`.
enum WebReadMethods {
    static let all: [RPCMethod] = [
        .onRecords("web_read", [.required("specification")]) { target, arguments in
            try target.env.checkRight(.read, on: target.model)
            let ids = try target.env.existing(target.ids, in: target.model)
            return .value(try read(Records(target.model, ids, target.env), arguments, target.limits))
        },
        .onModel("web_search_read", ["domain", "specification", "offset", "limit", "order", "count_limit"]) { target, arguments in
            let domain = try arguments.domain()
            let (offset, limit) = (try arguments.count("offset") ?? 0, try arguments.count("limit") ?? 0)
            let records = try target.env.search(target.model, domain, order: try arguments.text("order"), offset: offset, limit: limit)
            var length = offset + records.count
            if limit > 0, records.count == limit || (records.isEmpty && offset > 0) {
                length = try target.env.searchCount(target.model, domain, limit: try arguments.count("count_limit") ?? 0)
            }
            return .value(["length": .int(length), "records": try read(records, arguments, target.limits)])
        },
    ]

    /// The records by the call's specification.
    static func read(_ records: Records, _ arguments: RPCArguments, _ limits: RPCLimits) throws -> Value {
        .list(try WebReader(limits: limits).read(records, try arguments.values("specification")).map { .map($0) })
    }
}
