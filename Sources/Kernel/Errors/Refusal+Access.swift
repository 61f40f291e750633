extension Refusal {
    /// The user's groups do not allow it on the model at all.
    static func noRight(_ operation: AccessOperation, on model: ModelSchema) -> Refusal {
        let verb =
            switch operation {
            case .read: "access"
            case .write: "modify"
            case .create: "create"
            case .unlink: "delete"
            }
        return Refusal(
            "access.denied", .accessDenied, "You are not allowed to \(verb) '\(model.title)' (\(model.name)) records.",
            instruction: "Ask an administrator for a group that has this right.",
            details: ["model": .text(model.name), "operation": .text(operation.rawValue)])
    }

    /// A record rule keeps the records out of the user's reach.
    static func outOfReach(_ operation: AccessOperation, on model: ModelSchema, ids: [Int]) -> Refusal {
        Refusal(
            "access.rule", .accessDenied,
            "Due to security restrictions, you are not allowed to \(operation.rawValue) these '\(model.title)' (\(model.name)) records.",
            instruction: "Ask an administrator if you need them.",
            details: ["model": .text(model.name), "operation": .text(operation.rawValue), "ids": .ids(Array(ids.prefix(20)))])
    }

    /// A field mask hides the fields.
    static func hiddenFields(_ names: [String], on model: ModelSchema, _ operation: AccessOperation) -> Refusal {
        Refusal(
            "access.field", .accessDenied,
            "You do not have enough rights to \(operation.rawValue) the fields \(names.joined(separator: ", ")) on \(model.title) (\(model.name)).",
            instruction: "Leave the fields out or ask an administrator.",
            details: ["model": .text(model.name), "fields": .list(names.map { .text($0) })])
    }

    /// The user's groups do not allow the action.
    static func noAction(_ action: AnyAction, on model: ModelSchema) -> Refusal {
        let groups = action.groups.joined(separator: ", ")
        return Refusal(
            "access.denied", .accessDenied, "You may not run `\(action.name)` on `\(model.name)`.",
            instruction: "Ask an administrator for one of: \(groups).", details: ["action": .text(action.name)])
    }

    /// The context names companies that are not the user's.
    static func wrongCompanies() -> Refusal {
        Refusal(
            "access.company", .accessDenied, "Access to unauthorized or invalid companies.",
            instruction: "Choose among the companies of your user.")
    }
}
