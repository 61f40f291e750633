import Kernel

extension ExceptionCase {
    /// Days for which a finished exception is opened again when its cause occurs again; later ones are new.
    static let reopeningDays = 30

    /// Raises an exception, or counts one of the same record and cause: an open one, or one that was finished lately, which opens again.
    ///
    /// - Parameters:
    ///   - source: Where it came from, by which it is tried again: `jobs`, `mail`, `intake.hl7v2`, `rule`, `delivery`, `schedule`.
    ///   - reference: What to try again where it is no record: `job:17`; with a record, what tells its exceptions from each other.
    ///   - times: How often it happened since it was raised the last time.
    @discardableResult
    public static func raise(
        _ cause: String, _ title: String, remedy: String, source: String, on record: Records? = nil, reference: String = "",
        times: Int = 1, in env: Environment
    ) throws -> Record<ExceptionCase> {
        let superuser = env.asSuperuser("whatever fails gets an owner, whoever was at work")
        if let known = try find(cause, source, record, reference, superuser) {
            let isFinished = known.state == .resolved || known.state == .dismissed
            var values: ValueMap = ["occurrences": .int(known.occurrences + times), "last_on": .instant(env.now)]
            if isFinished {
                values = values.merging([
                    "state": "open", "resolved_on": .null, "escalated_on": .null, "escalated_to": .null,
                    "deadline": .instant(env.now + hoursToAct * 3_600),
                ])
            }
            try known.write(values)
            try note(title, known, reopened: isFinished)
            return known
        }
        var values: ValueMap = [
            "name": .text(title), "cause": .text(cause), "remedy": .text(remedy), "source": .text(source), "reference": .text(reference),
            "occurrences": .int(times),
        ]
        if let record, let id = record.ids.first {
            values["res_model"] = .text(record.model.name)
            values["res_id"] = .int(id)
        }
        let made = try superuser.create(ExceptionCase.self, values)
        try note(title, made, reopened: false)
        return made
    }

    /// Resolves the open exceptions of records that need nobody any more.
    public static func settle(_ records: Records, _ resolution: String) throws {
        let superuser = records.env.asSuperuser("what works again needs nobody")
        let open =
            Domain.where("res_model", .equal, .text(records.model.name)) & .where("res_id", .in, .ids(records.ids))
            & .where("state", .in, ["open", "in_progress"])
        try ExceptionActions.finish(try superuser.search(ExceptionCase.self, open), as: .resolved, resolution)
    }

    /// The exception that counts one more of the same; without a record or reference nothing tells it from others.
    private static func find(
        _ cause: String, _ source: String, _ record: Records?, _ reference: String, _ env: Environment
    ) throws -> Record<ExceptionCase>? {
        var same = Domain.where("cause", .equal, .text(cause))
        if let record, let id = record.ids.first {
            same = same & .where("res_model", .equal, .text(record.model.name)) & .where("res_id", .equal, .int(id))
            if !reference.isEmpty { same = same & .where("reference", .equal, .text(reference)) }
        } else if !reference.isEmpty {
            same = same & .where("source", .equal, .text(source)) & .where("reference", .equal, .text(reference))
        } else {
            return nil
        }
        let late = Domain.where("resolved_on", .greaterOrEqual, .instant(env.now - reopeningDays * 86_400))
        return try env.search(ExceptionCase.self, same & (.where("state", .in, ["open", "in_progress"]) | late), limit: 1).first
    }

    private static func note(_ title: String, _ item: Record<ExceptionCase>, reopened: Bool) throws {
        let env = item.env
        try env.create(
            Occurrence.self,
            [
                "exception_id": .int(item.id), "name": .text(title), "reopened": .bool(reopened),
                "caused_by": env.cause.map { .text($0.name) } ?? .null,
            ])
        guard item.occurrences > Occurrence.limit else { return }
        let own = Domain.where("exception_id", .equal, .int(item.id))
        try env.search(Occurrence.self, own, order: "id desc", offset: Occurrence.limit, limit: Occurrence.limit).unlink()
    }
}
