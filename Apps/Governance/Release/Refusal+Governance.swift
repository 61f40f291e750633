import Kernel

extension Refusal {
    static func unknownKind(_ kind: String, known: [String]) -> Refusal {
        Refusal(
            "governance.unknown_kind", .validation, "There is no kind of definition '\(kind)'.",
            instruction: "Choose one of: \(known.sorted().joined(separator: ", ")).")
    }

    static func badKey(_ key: String) -> Refusal {
        Refusal(
            "governance.bad_key", .validation, "'\(key.prefix(100))' is no key for a definition.",
            instruction: "Use 1 to 100 lower-case letters, digits, dots, dashes and underscores.")
    }

    static func keyTaken(_ name: String) -> Refusal {
        Refusal(
            "governance.key_taken", .validation, "There is a definition '\(name)' already for this company.",
            instruction: "Make a new version of it.")
    }

    static func frozen(_ name: String, _ state: DefinitionVersion.State) -> Refusal {
        Refusal(
            "governance.frozen", .conflict, "\(name) is \(state.title.lowercased()) and cannot be changed.",
            instruction: "Copy it to a new draft and change that.")
    }

    static func protected(_ fields: [String]) -> Refusal {
        Refusal(
            "governance.protected_field", .conflict,
            "These fields of a version are kept by the machine: \(fields.joined(separator: ", ")).",
            instruction: "Leave them out; the actions of the version change them.")
    }

    static func inUse(_ name: String) -> Refusal {
        Refusal(
            "governance.in_use", .conflict, "\(name) is more than a draft and stays as a record of what was in force.",
            instruction: "Retire it instead.")
    }

    static func hasRecord(_ title: String) -> Refusal {
        Refusal(
            "governance.has_record", .conflict, "The definition of '\(title)' belongs to a record that is still there.",
            instruction: "Delete the record, or discard the draft.")
    }

    static func badDefinition(_ name: String, _ first: DefinitionProblem, of all: [DefinitionProblem]) -> Refusal {
        let more = all.count > 1 ? " (\(all.count - 1) more)" : ""
        return Refusal(
            "governance.check_failed", .validation, "\(name) has a problem at \(first.place): \(first.message)\(more)",
            instruction: first.remedy,
            details: [
                "problems": .list(
                    all.map { ["place": .text($0.place), "message": .text($0.message), "remedy": .text($0.remedy)] })
            ])
    }

    static func failedTests(_ name: String, _ first: TestOutcome, _ all: [TestOutcome]) -> Refusal {
        Refusal(
            "governance.tests_failed", .validation,
            "\(all.count) of the tests of \(name) failed; the first is '\(first.name)': \(first.message)",
            instruction: "Correct the definition or its tests.", details: ["tests": .list(all.map { .text($0.name) })])
    }

    static func selfRelease(_ name: String) -> Refusal {
        Refusal(
            "governance.self_release", .accessDenied, "Nobody releases what they wrote or submitted: \(name).",
            instruction: "Ask somebody else who may release definitions.")
    }

    static func delegateRelease(_ name: String) -> Refusal {
        Refusal(
            "governance.delegate_release", .accessDenied, "You stand in for an author of \(name), and nobody releases their own work.",
            instruction: "Ask somebody who acts for themselves.")
    }

    static func staleVersion(_ name: String, newest: Int, base: Int) -> Refusal {
        Refusal(
            "governance.stale", .conflict,
            "\(name) was written from version \(base), but version \(newest) has been released since.",
            instruction: "Copy version \(newest) to a new draft and make the change there.")
    }

    static func foreignSites(_ name: String) -> Refusal {
        Refusal(
            "governance.sites", .accessDenied, "\(name) is for sites that are not yours.",
            instruction: "Ask somebody who works for these sites.")
    }

    static func tampered(_ name: String) -> Refusal {
        Refusal(
            "governance.tampered", .conflict, "The content of \(name) is not the one that was submitted.",
            instruction: "Have the audit trail verified, and copy an earlier version to a new draft.")
    }

    static func nothingBefore(_ name: String) -> Refusal {
        Refusal(
            "governance.nothing_before", .conflict, "No earlier released version can take the place of \(name).",
            instruction: "Retire it if nothing is to be in force.")
    }

    static func notInForce(_ name: String) -> Refusal {
        Refusal(
            "governance.not_in_force", .conflict, "\(name) is not the version in force.", instruction: "Roll back the one that is in force."
        )
    }

    static func noReason() -> Refusal {
        Refusal("governance.no_reason", .validation, "Say why.", instruction: "Give a reason.")
    }

    static func badMoment() -> Refusal {
        Refusal(
            "governance.bad_moment", .validation, "This is not a moment.", instruction: "Give effective_from as YYYY-MM-DD HH:MM:SS in UTC."
        )
    }

    static func tooManyVersions(_ name: String) -> Refusal {
        Refusal(
            "governance.too_many_versions", .limit, "\(name) has \(Definitions.versionLimit) versions already.",
            instruction: "Begin a new definition, and retire this one.")
    }
}
