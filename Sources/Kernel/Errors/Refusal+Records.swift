extension Refusal {
    /// The model is not in the registry.
    public static func unknownModel(_ name: String) -> Refusal {
        Refusal("model.unknown", .missing, "Object \(name) doesn't exist", instruction: "Check the model's technical name.")
    }

    /// The field is not in the model.
    public static func unknownField(_ field: String, in model: String) -> Refusal {
        Refusal("field.unknown", .invalid, "Invalid field '\(field)' in '\(model)'")
    }

    /// A value does not fit its field.
    public static func badValue(_ field: String, in model: String, expected: String) -> Refusal {
        Refusal(
            "field.bad_value", .validation, "The value of '\(field)' in '\(model)' is not \(expected).",
            instruction: "Send \(expected).")
    }

    /// Fields that must be set are not.
    public static func missingRequired(_ fields: [String], in model: String) -> Refusal {
        let names = fields.map { "'\($0)'" }.joined(separator: ", ")
        return Refusal(
            "field.required", .validation, "Missing required value for the field \(names) in '\(model)'.",
            instruction: "Set it and try again.", details: ["fields": .list(fields.map { .text($0) })])
    }

    /// The records are gone.
    public static func missingRecords(_ ids: [Int], in model: String) -> Refusal {
        let shown = ids.prefix(5).map(String.init).joined(separator: ", ")
        return Refusal(
            "record.missing", .missing, "Record does not exist or has been deleted. (Record: \(model)(\(shown)))",
            instruction: "Reload and try again.")
    }

    /// Somebody else changed the record in between.
    ///
    /// - Parameters:
    ///   - fields: The names of the fields that changed since, as far as the caller may see them.
    ///   - changes: The same by write, the newest first: `{"fields", "user", "at"}`; never values.
    public static func stale(
        _ model: String, _ id: Int, expected: Int, found: Int, fields: [String], changes: [ValueMap]
    ) -> Refusal {
        let what = fields.isEmpty ? "" : " Changed since: \(fields.joined(separator: ", "))."
        return Refusal(
            "record.stale", .conflict, "\(model)(\(id)) was changed by somebody else (version \(found), not \(expected)).\(what)",
            instruction: "Reload the record and repeat your change.",
            details: [
                "id": .int(id), "expected_version": .int(expected), "version": .int(found),
                "changed": .list(fields.map { .text($0) }), "changes": .list(changes.map { .map($0) }),
            ])
    }

    /// A unique combination exists already.
    public static func duplicate(_ model: String, _ message: String) -> Refusal {
        Refusal(
            "record.duplicate", .validation, message, instruction: "Change the value or use the existing record.",
            details: ["model": .text(model)])
    }

    /// Other records still need this one.
    public static func restricted(_ model: String, by other: String) -> Refusal {
        Refusal(
            "record.restricted", .validation,
            "The operation cannot be completed: another model requires the record being deleted. Model: \(other), on \(model).",
            instruction: "Archive the record instead, or remove what points at it first.")
    }

    /// Writing in a unit of work that only reads.
    public static func readOnly(_ what: String) -> Refusal {
        Refusal("store.read_only", .internalFault, "\(what) needs a unit of work that may write.")
    }
}
