import Kernel

/// `has_access`, `check_access_rights`, `check_access_rule` and our own `available_actions`.
enum AccessMethods {
    static let all: [RPCMethod] = [
        .onRecords("has_access", [.required("operation")]) { target, arguments in
            do {
                try target.env.checkAccess(try operation(arguments), target.model, target.ids)
                return .value(.bool(true))
            } catch let refusal as Refusal where refusal.kind == .accessDenied { return .value(.bool(false)) }
        },
        .onModel("check_access_rights", [.required("operation"), "raise_exception"]) { target, arguments in
            let operation = try operation(arguments)
            if arguments.has("raise_exception"), !arguments.flag("raise_exception") {
                return .value(.bool(target.env.allows(operation, on: target.model)))
            }
            try target.env.checkRight(operation, on: target.model)
            return .value(.bool(true))
        },
        .onRecords("check_access_rule", [.required("operation")]) { target, arguments in
            try target.env.checkAccess(try operation(arguments), target.model, target.ids)
            return .value(.null)
        },
        .onRecords("available_actions") { target, _ in
            try target.env.checkAccess(.read, target.model, target.ids)
            let records = target.records
            return .value(
                .map(
                    ValueMap(
                        try target.ids.map { id in
                            let actions = try records.availableActions(id).map { action -> Value in
                                var line: ValueMap = ["name": .text(action.name), "title": .text(action.title)]
                                if let mark = action.mark { line["mark"] = .text(mark) }
                                return .map(line)
                            }
                            return (String(id), .list(actions))
                        })))
        },
    ]

    private static func operation(_ arguments: RPCArguments) throws -> AccessOperation {
        guard let operation = AccessOperation(rawValue: try arguments.text("operation") ?? "") else {
            throw arguments.bad("operation", "one of " + AccessOperation.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return operation
    }
}
