import Base
import JSON
import Kernel

/// What one import made, so that it can be taken back as a whole for a day.
struct ImportBatch: Model {
    static let name = "workspace.import"
    static let title = "Import"
    static let order = "id desc"
    static let nameField = "model"

    /// How long an import can be taken back.
    static let seconds = 86_400

    let model = Char("model", "Records", .required, .size(120))
    let user = Many2one<User>("user_id", onDelete: .cascade, "By", .required, .indexed)
    let made = Json("ids", "Made")
    let count = Integer("record_count", "Records made", .aggregator(nil))
    let takenBack = Datetime("taken_back", "Taken back on")

    static let methods = [
        Method<ImportBatch>("take_back", onRecords: { batches, _ in try ImportDesk.takeBack(batches) })
    ]

    init() {}
}

/// Keeps what imports made and takes it back.
public enum ImportDesk {
    /// The most records of one import.
    public static let limit = 50_000

    /// Notes what a part of an import made.
    ///
    /// - Parameter batch: The import that it belongs to; nil begins one.
    /// - Returns: The import's id.
    /// - Throws: `import.not_yours`; `import.too_many`.
    public static func note(_ ids: [Int], of model: ModelSchema, in batch: Int?, _ env: Environment) throws -> Int {
        let superuser = env.asSuperuser("what an import made is noted by the machine")
        guard let batch else {
            return try superuser.create(
                ImportBatch.self,
                [
                    "model": .text(model.name), "user_id": .int(env.user.id), "ids": .json(.array(ids.map { JSON($0) })),
                    "record_count": .int(ids.count),
                ]
            ).id
        }
        let own =
            Domain.where("id", .equal, .int(batch)) & .where("user_id", .equal, .int(env.user.id))
            & .where("model", .equal, .text(model.name))
        guard let known = try superuser.search(ImportBatch.self, own, limit: 1).first else { throw Refusal.importNotYours() }
        let all = ImportDesk.ids(known) + ids
        guard all.count <= limit else {
            throw Refusal("import.too_many", .limit, "At most \(limit) records in one import.", instruction: "Import the rest by itself.")
        }
        try known.write(["ids": .json(.array(all.map { JSON($0) })), "record_count": .int(all.count)])
        return batch
    }

    /// Deletes what an import made, but for records that others changed since.
    ///
    /// Shape: `{"deleted": 12, "left": 1}`.
    static func takeBack(_ batches: Recordset<ImportBatch>) throws -> Value {
        let env = batches.env
        guard let batch = batches.first, batches.ids.count == 1, batch.user?.id == env.user.id else { throw Refusal.importNotYours() }
        guard batch.takenBack == nil, case .instant(let at) = try batch.records.value("create_date"), env.now - at <= ImportBatch.seconds
        else {
            throw Refusal(
                "import.over", .validation, "The import was taken back before, or is older than a day.",
                instruction: "Delete the records one by one, or ask an administrator.")
        }
        let superuser = env.asSuperuser("what one's own import made one may take back")
        let model = try env.registry.requireModel(batch.model)
        let known = try superuser.existing(ids(batch), in: model)
        let own = try superuser.with(context: ["active_test": false])
            .search(model, .where("id", .in, .ids(known)) & .where("write_uid", .equal, .int(env.user.id)))
        try own.unlink()
        try superuser.record(ImportBatch.self, batch.id).write(["taken_back": .instant(env.now)])
        return ["deleted": .int(own.ids.count), "left": .int(known.count - own.ids.count)]
    }

    private static func ids(_ batch: Record<ImportBatch>) -> [Int] {
        (batch.made.arrayValue ?? []).compactMap(\.intValue)
    }
}

extension Refusal {
    static func importNotYours() -> Refusal {
        Refusal("import.not_yours", .accessDenied, "This is no import of yours.", instruction: "Take back your own imports only.")
    }
}
