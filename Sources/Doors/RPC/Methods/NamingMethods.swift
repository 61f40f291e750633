import Kernel

/// `name_search`, `web_name_search` and `name_create`.
enum NamingMethods {
    private static let usualLimit = 100

    static let all: [RPCMethod] = [
        .onModel("name_search", ["name", "domain", "operator", "limit"]) { target, arguments in
            .value(.list(try found(target, arguments).names().map { [.int($0.id), .text($0.name)] }))
        },
        .onModel("web_name_search", ["name", "specification", "domain", "operator", "limit"]) { target, arguments in
            let records = try found(target, arguments)
            let specification = try arguments.values("specification")
            if specification.names.allSatisfy({ $0 == "display_name" }) {
                return .value(
                    .list(
                        try records.names().map {
                            ["id": .int($0.id), "display_name": .text($0.name), "__formatted_display_name": .text($0.name)]
                        }))
            }
            return .value(.list(try WebReader(limits: target.limits).read(records, specification).map { .map($0) }))
        },
        .onModel("name_create", [.required("name")], writes: true) { target, arguments in
            let name = try arguments.text("name") ?? ""
            let field = try target.model.requireField(target.model.nameField)
            let made = try target.env.create(target.model, [[field.name: .text(name)]])
            return .value(.list(try made.names().first.map { [.int($0.id), .text($0.name)] } ?? []))
        },
    ]

    private static func found(_ target: RPCTarget, _ arguments: RPCArguments) throws -> Records {
        let name = try arguments.text("operator") ?? "ilike"
        guard let comparison = DomainOperator(rawValue: name) else { throw arguments.bad("operator", "an operator of domains") }
        return try target.env.nameSearch(
            target.model, try arguments.text("name") ?? "", domain: try arguments.domain(), comparison: comparison,
            limit: try arguments.count("limit") ?? usualLimit)
    }
}
