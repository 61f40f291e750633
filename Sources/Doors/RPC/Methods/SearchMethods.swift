import Kernel

/// `search` and `search_count`.
enum SearchMethods {
    static let all: [RPCMethod] = [
        .onModel("search", ["domain", "offset", "limit", "order", "count"]) { target, arguments in
            let domain = try arguments.domain()
            if arguments.flag("count") { return .value(.int(try target.env.searchCount(target.model, domain))) }
            let limit = try arguments.count("limit") ?? 0
            let found = try target.env.search(
                target.model, domain, order: try arguments.text("order"), offset: try arguments.count("offset") ?? 0, limit: limit)
            return .value(.ids(found.ids))
        },
        .onModel("search_count", ["domain", "limit"]) { target, arguments in
            .value(.int(try target.env.searchCount(target.model, try arguments.domain(), limit: try arguments.count("limit") ?? 0)))
        },
    ]
}
