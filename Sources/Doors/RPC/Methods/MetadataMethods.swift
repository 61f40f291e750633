import Base
import Kernel

/// `get_metadata` and `get_external_id`.
enum MetadataMethods {
    static let all: [RPCMethod] = [
        .onRecords("get_metadata") { target, _ in
            let names = ["create_uid", "create_date", "write_uid", "write_date"]
            let ids = try target.env.existing(target.ids, in: target.model)
            let fields = try RecordRows.fields(names, of: target.model, target.env)
            let rows = RecordRows(records: Records(target.model, ids, target.env), fields: fields, limits: target.limits)
            let known = try ExternalIds.find(ids, target.model, target.env)
            return .value(
                .list(
                    try rows.maps().map { row in
                        var row = row
                        let own = known[row["id"]?.intValue ?? 0] ?? []
                        row["xmlid"] = own.first.map { .text($0.name) } ?? .bool(false)
                        row["xmlids"] = .list(own.map { ["xmlid": .text($0.name), "noupdate": .bool($0.isFixed)] })
                        row["noupdate"] = .bool(own.first?.isFixed ?? false)
                        return .map(row)
                    }))
        },
        .onRecords("get_external_id") { target, _ in
            try target.env.checkAccess(.read, target.model, target.ids)
            let known = try ExternalIds.find(target.ids, target.model, target.env)
            return .value(.map(ValueMap(target.ids.map { (String($0), .text(known[$0]?.first?.name ?? "")) })))
        },
    ]
}

/// External ids of records.
enum ExternalIds {
    struct Known {
        let name: String
        let isFixed: Bool
    }

    /// The external ids of records that the caller may read, by record, the oldest first.
    static func find(_ ids: [Int], _ model: ModelSchema, _ env: Environment) throws -> [Int: [Known]] {
        let superuser = env.asSuperuser("the external ids of a record may be read by whoever may read it")
        let domain = Domain.where("model", .equal, .text(model.name)) & .where("res_id", .in, .ids(ids))
        var known: [Int: [Known]] = [:]
        for record in try superuser.search(ExternalId.self, domain, order: "id") {
            known[record.target, default: []].append(Known(name: record.completeName, isFixed: record.isFixed))
        }
        return known
    }
}
