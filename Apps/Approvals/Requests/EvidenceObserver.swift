import Base
import Kernel

/// Begins chains again when a file that proves something is added, changed, moved or taken away while somebody has agreed to it.
///
/// Any file of a request counts for it; of a record those whose `evidence_kind` is set.
struct EvidenceObserver: RecordObserver {
    private static let counting: Set<String> = ["res_model", "res_id", "evidence_kind", "checksum", "url"]

    func events(of model: ModelSchema) -> RecordEvents { model.name == Attachment.name ? [.created, .writing, .deleting] : [] }

    func created(_ records: Records, values: [ValueMap]) throws { try Evidence.look(at: Evidence.owners(of: records), records.env) }

    func writing(_ records: Records, fields: [Field]) throws -> (any WriteFollower)? {
        guard fields.contains(where: { EvidenceObserver.counting.contains($0.name) }) else { return nil }
        // A file that moves leaves one record and comes to another.
        return Follower(files: records, before: try Evidence.owners(of: records))
    }

    func deleting(_ records: Records) throws {
        let owners = try Evidence.owners(of: records)
        if owners.isEmpty { return }
        records.env.unit.thing(GoneLines.self) { GoneLines() }.add(records.ids, of: records.model)
        try Evidence.look(at: owners, records.env)
    }

    private struct Follower: WriteFollower {
        let files: Records
        let before: [String: Set<Int>]

        func written() throws {
            let owners = before.merging(try Evidence.owners(of: files)) { $0.union($1) }
            try Evidence.look(at: owners, files.env)
        }
    }
}

extension Evidence {
    /// What files belong to: ids by model. A file that hangs on nothing belongs to none.
    fileprivate static func owners(of files: Records) throws -> [String: Set<Int>] {
        let machine = files.env.asSuperuser("what a file proves is found whoever changes it")
        var owners: [String: Set<Int>] = [:]
        for file in Recordset<Attachment>(files.with(machine)) where file.ownerId > 0 && !file.ownerModel.isEmpty {
            owners[file.ownerModel, default: []].insert(file.ownerId)
        }
        return owners
    }

    fileprivate static func look(at owners: [String: Set<Int>], _ env: Environment) throws {
        for (name, ids) in owners.sorted(by: { $0.key < $1.key }) {
            guard let model = env.registry.model(name) else { continue }
            try OpenRequests.look(at: Records(model, ids.sorted(), env), because: "changed the documents")
        }
    }
}
