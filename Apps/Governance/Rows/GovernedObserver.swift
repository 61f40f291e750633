import Kernel

/// Follows the records of one governed model and their lines into its definitions.
struct GovernedObserver: RecordObserver {
    let governed: GovernedModel

    func events(of model: ModelSchema) -> RecordEvents {
        isOwn(model) || lines(model) != nil ? [.created, .written, .deleting] : []
    }

    func watched(in model: ModelSchema) -> [Field] {
        if isOwn(model) { return RowSnapshot.fields(of: model, governed.fields) }
        return lines(model).map { RowSnapshot.fields(of: model, $0.fields) } ?? []
    }

    func created(_ records: Records, values: [ValueMap]) throws { try note(records) }

    func written(_ records: Records, changes: [RecordChange]) throws {
        let changed = Set(changes.map(\.id))
        try note(Records(records.model, records.ids.filter(changed.contains), records.env))
    }

    func deleting(_ records: Records) throws {
        if isOwn(records.model) { return try GovernedRows.forget(records.ids, of: governed, in: records.env) }
        try note(records, gone: Set(records.ids))
    }

    private func note(_ records: Records, gone: Set<Int> = []) throws {
        if isOwn(records.model) { return try GovernedRows.note(records.ids, of: governed, in: records.env) }
        guard let lines = lines(records.model) else { return }
        let superuser = records.with(records.env.asSuperuser("the record that lines belong to is found whoever writes them"))
        try GovernedRows.note(try superuser.related(lines.inverse).ids, of: governed, without: gone, in: records.env)
    }

    private func isOwn(_ model: ModelSchema) -> Bool { model.name == governed.model }

    private func lines(_ model: ModelSchema) -> GovernedModel.Lines? { governed.lines.first { $0.model == model.name } }
}

/// Where a governed record stands, shown with it.
enum GovernedFields {
    /// The fields that a governed model gets.
    static func all(_ governed: GovernedModel) -> [Field] {
        [
            Char(
                "governance_state", "Governance",
                .help("What becomes of the last change: draft, in_review, released, retired."),
                .computedTogether { records in
                    try records.ids.map { try newest($0, governed, records)?.state.map { .text($0.rawValue) } ?? .null }
                }),
            Many2one<DefinitionVersion>(
                "governance_version_id", "Newest version",
                .computedTogether { records in
                    try records.ids.map { try newest($0, governed, records).map { .int($0.id) } ?? .null }
                }),
        ]
    }

    private static func newest(_ id: Int, _ governed: GovernedModel, _ records: Records) throws -> Record<DefinitionVersion>? {
        let machine = records.env.asSuperuser("where a definition stands is shown with its record")
        let own = Domain.where("definition_id.res_model", .equal, .text(governed.model)) & .where("definition_id.res_id", .equal, .int(id))
        return try machine.search(DefinitionVersion.self, own, order: "number desc", limit: 1).first
    }
}
