import Base
import Crypto
import JSON
import Kernel

/// What a decision is about, as one digest: the fields that count, the files that prove it, the action and its arguments.
enum Content {
    static func text(_ value: Value) -> String { value.asJSON.text() }

    /// SHA-256 of what a request is about, as it is now.
    static func digest(of request: Record<Request>) throws -> String {
        var parts: [String] = []
        if request.recordModel.isEmpty {
            parts.append("approval.request,\(request.id)")
            parts += try fields(of: request.records, own)
            for line in request.lines { parts.append("line \(line.id) \(text(.text(line.text))) \(line.quantity)") }
        } else {
            let model = try request.env.registry.requireModel(request.recordModel)
            let record = Records(model, [request.record], request.env)
            parts.append("\(model.name),\(request.record)")
            parts.append("action \(request.action) \(text(.json(request.arguments)))")
            let policy = try PolicyBook.policy(of: request)
            parts += try fields(of: record, policy?.relevant ?? [])
            parts += try files(model.name, request.record, request.env)
        }
        parts += try files(Request.name, request.id, request.env)
        return SHA256.hash(parts.joined(separator: "\n")).hex
    }

    /// What makes a request by hand what it is.
    private static let own = [
        "name", "category_id", "request_owner_id", "date", "date_start", "date_end", "quantity", "amount", "reference", "partner_id",
        "location", "reason", "company_id",
    ]

    private static func fields(of record: Records, _ names: [String]) throws -> [String] {
        let fields = try names.isEmpty ? relevant(record.model) : names.map { try record.model.requireField($0) }
        return try fields.sorted { $0.name < $1.name }.map { field in
            let value = try record.value(field.name)
            guard case .one2many = field.kind else { return field.name + " " + text(value) }
            return field.name + " " + (try lines(record, field.name))
        }
    }

    /// Every stored field but bytes and bookkeeping.
    static func relevant(_ model: ModelSchema) -> [Field] {
        model.fields.filter { field in
            guard field.slot > ModelSchema.Slot.version, field.groups.isEmpty else { return false }
            switch field.kind {
            case .binary, .one2many: return false
            case .many2many: return !field.name.hasPrefix("message_")
            default: return field.hasColumn
            }
        }
    }

    /// The stored fields of the records that belong to it.
    private static func lines(_ record: Records, _ name: String) throws -> String {
        let lines = try record.related(name)
        let fields = relevant(lines.model).sorted { $0.name < $1.name }
        let gone = record.env.unit.thing(GoneLines.self) { GoneLines() }
        return try lines.ids.filter { !gone.contains($0, of: lines.model) }.map { id in
            try "\(id): " + fields.map { $0.name + " " + text(try lines.value(id, $0)) }.joined(separator: ", ")
        }.joined(separator: "; ")
    }

    /// The checksums of the files of a record that prove something.
    private static func files(_ model: String, _ id: Int, _ env: Environment) throws -> [String] {
        var domain = Evidence.files(of: model, id)
        if model != Request.name { domain = domain & .where("evidence_kind", .notEqual, false) }
        return try Evidence.present(domain, env).map { file in
            let place = file.url.isEmpty ? "" : " " + text(.text(file.url))
            return "file \(file.id) \(text(.text(file[\EvidenceOfAttachment.kind]))) \(file.checksum)" + place
        }
    }
}

/// Files that prove something.
enum Evidence {
    /// The most files of one record that are looked at.
    static let fileLimit = 500

    static func files(of model: String, _ id: Int) -> Domain {
        .where("res_model", .equal, .text(model)) & .where("res_id", .equal, .int(id))
    }

    /// The files that a domain finds, without those that this unit of work is deleting.
    static func present(_ domain: Domain, _ env: Environment) throws -> [Record<Attachment>] {
        let gone = env.unit.thing(GoneLines.self) { GoneLines() }
        let found = try env.search(Attachment.self, domain, order: "id", limit: fileLimit)
        return found.filter { !gone.contains($0.id, of: found.records.model) }
    }

    /// Refuses a request whose documents are not there, at the record or at the request.
    static func require(_ kinds: [String], for request: Record<Request>) throws {
        if kinds.isEmpty { return }
        let places = files(of: request.recordModel, request.record) | files(of: Request.name, request.id)
        let wanted = places & .where("evidence_kind", .in, .list(kinds.map { .text($0) }))
        let found = Set(try present(wanted, request.env).map { $0[\EvidenceOfAttachment.kind] })
        let missing = kinds.filter { !found.contains($0) }
        if !missing.isEmpty { throw Refusal.documentsMissing(missing) }
    }
    /// Refuses an agreement when a document that was required has been taken away since.
    static func requireStill(for request: Record<Request>) throws {
        if !request.recordModel.isEmpty { return try require(try PolicyBook.policy(of: request)?.documents ?? [], for: request) }
        guard let category = request.category, let row = try? CategoryRow.require(category), row.needsFile else { return }
        if try present(files(of: Request.name, request.id), request.env).isEmpty { throw Refusal.documentsMissing(["any"]) }
    }
}
