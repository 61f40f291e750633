import Kernel

extension Refusal {
    /// - Parameter origin: The row of a decision table that names the people; empty when the policy does.
    static func noApprover(_ name: String, step: String, origin: String = "") -> Refusal {
        let place = origin.isEmpty ? "" : " (\(origin))"
        return Refusal(
            "approval.no_approver", .userError, "Nobody who may decide is left for '\(step)' of '\(name)'\(place).",
            instruction: "Have more people named in \(origin.isEmpty ? "'\(name)'" : origin), or somebody else ask.",
            details: ["policy": .text(name), "step": .text(step), "origin": .text(origin)])
    }

    static func categoryNotReleased(_ name: String) -> Refusal {
        Refusal(
            "approval.category_not_released", .conflict, "Who decides about '\(name)' has not been released.",
            instruction: "Have the category's version released by somebody who may.")
    }

    static func policyEnded(_ name: String) -> Refusal {
        Refusal(
            "approval.policy_ended", .conflict, "No version of the policy of '\(name)' is in force any more.",
            instruction: "Recall the request and take the action again.")
    }

    static func noManager(_ name: String) -> Refusal {
        Refusal(
            "approval.no_approver", .userError, "'\(name)' needs the requester's manager, and there is none.",
            instruction: "Have your manager entered with your user.", details: ["policy": .text(name)])
    }

    static func alreadyAsked(_ name: String) -> Refusal {
        Refusal(
            "approval.already_asked", .conflict, "Somebody else has asked for approval already: \(name).",
            instruction: "Wait for the decision, or ask them to recall it.")
    }

    static func notPending(_ name: String) -> Refusal {
        Refusal(
            "approval.not_pending", .conflict, "'\(name)' waits for no decision any more.", instruction: "Reload the request.")
    }

    static func notInState(_ name: String) -> Refusal {
        Refusal("approval.not_new", .conflict, "'\(name)' was submitted already.", instruction: "Reload the request.")
    }

    static func notOwner() -> Refusal {
        Refusal(
            "approval.not_owner", .accessDenied, "Only whoever asks for approval may do this.", instruction: "Ask the request's owner.")
    }

    static func notApprover(_ name: String) -> Refusal {
        Refusal(
            "approval.not_approver", .accessDenied, "You are not among those who decide about '\(name)'.",
            instruction: "The request lists who is.")
    }

    static func notYourTurn(_ name: String) -> Refusal {
        Refusal(
            "approval.not_your_turn", .conflict, "It is not your turn to decide about '\(name)'.",
            instruction: "Others decide first, or you are needed in a later step.")
    }

    static func decidedAlready(_ name: String) -> Refusal {
        Refusal(
            "approval.decided_already", .conflict, "You have decided about '\(name)' already: everybody counts once.",
            instruction: "Wait for the others, or withdraw.")
    }

    static func barred(_ reason: String) -> Refusal {
        Refusal(
            "approval.barred", .accessDenied, "You must not decide about this, because \(reason.hasPrefix("of ") ? reason : you(reason)).",
            instruction: "Ask another approver.")
    }

    /// The reason as it is told to the person whom it is about.
    private static func you(_ reason: String) -> String { reason.hasPrefix("they ") ? "you " + reason.dropFirst(5) : reason }

    static func questionOpen(_ question: String) -> Refusal {
        Refusal(
            "approval.question_open", .conflict, "A question is open: \(question)", instruction: "Wait until the requester has answered.")
    }

    static func otherVersion(_ name: String) -> Refusal {
        Refusal(
            "approval.other_version", .conflict, "'\(name)' is not any more what you have seen.",
            instruction: "Reload it, look at the record again and decide anew.")
    }

    static func documentsMissing(_ kinds: [String]) -> Refusal {
        Refusal(
            "approval.document_missing", .validation, "Documents are missing: \(kinds.joined(separator: ", ")).",
            instruction: "Attach them with their evidence_kind, then ask again.", details: ["kinds": .list(kinds.map { .text($0) })])
    }

    static func decisionsAreFinal() -> Refusal {
        Refusal(
            "approval.decision_final", .accessDenied, "Decisions are made by deciding, and never changed, copied or deleted.",
            instruction: "Call action_approve, action_refuse or action_withdraw of the request.")
    }

    static func delegationCycle() -> Refusal {
        Refusal(
            "approval.delegation_cycle", .validation, "A delegation must not lead back to whoever gives it.",
            instruction: "Choose somebody else.")
    }

    static func delegationIsFixed() -> Refusal {
        Refusal(
            "approval.delegation_fixed", .validation, "From whom and to whom a delegation goes does not change.",
            instruction: "End it and make another one.")
    }

    static func badQuorum(_ name: String) -> Refusal {
        Refusal("approval.quorum", .validation, "'\(name)' needs a whole number of people and hours.", instruction: "Correct the number.")
    }

    static func stepWithoutPeople(_ name: String, _ field: String) -> Refusal {
        Refusal(
            "approval.step_people", .validation, "The step '\(name)' does not say who decides, or names fewer than it needs.",
            instruction: "Set '\(field)'.")
    }

    static func badPath(_ path: String, _ model: String) -> Refusal {
        Refusal(
            "approval.path", .validation, "'\(path)' does not lead to a user or a contact, but to '\(model)'.",
            instruction: "Name a path of fields that ends at one.")
    }

    static func badPair(_ name: String) -> Refusal {
        Refusal(
            "sod.pair", .validation, "The toxic pair '\(name)' has a side that is neither one role nor one action of a model.",
            instruction: "Give each side a group, or a model and one of its actions, and a path that leads from the second to the first.")
    }

    static func toxicPair(_ pair: ToxicPair) -> Refusal {
        Refusal(
            "sod.toxic_pair", .accessDenied, "Segregation of duties keeps you from this: \(pair.name).",
            instruction: "Let somebody else do it, or ask for a waiver.",
            details: ["pair": .text(pair.name), "version": .text(pair.cause)])
    }

    static func toxicGrant(_ pair: ToxicPair) -> Refusal {
        Refusal(
            "sod.toxic_grant", .validation, "These rights must not come into one hand: \(pair.name).",
            instruction: "Take the other right away first, or have a waiver made.",
            details: ["pair": .text(pair.name), "version": .text(pair.cause)])
    }

    static func ownWaiver() -> Refusal {
        Refusal(
            "sod.own_waiver", .accessDenied, "A waiver is made and owned by somebody else than whom it is for.",
            instruction: "Ask somebody else to make it.")
    }

    static func waiverIsFixed() -> Refusal {
        Refusal(
            "sod.waiver_fixed", .validation, "A waiver is not changed or deleted.", instruction: "Revoke it, and make another one.")
    }
}
