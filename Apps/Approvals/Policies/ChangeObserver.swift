import Governance
import Kernel

/// Remembers who changed records that policies and toxic pairs are about, and begins chains again whose record changed.
struct ChangeObserver: RecordObserver {
    func events(of model: ModelSchema) -> RecordEvents {
        model.actions.isEmpty || model.app == "approvals" ? [] : [.writing, .recomputed]
    }

    func writing(_ records: Records, fields: [Field]) throws -> (any WriteFollower)? {
        let book = try PolicyBook.current(records.env)
        guard book.watched.contains(records.model.name) else { return nil }
        let named = book.namedFields[records.model.name, default: []].filter { name in fields.contains { $0.name == name } }
        for name in named { try remember(name, records) }
        if !records.env.isSuperuser { try Doers.record("write", [records.env.user.id], on: records) }
        return book.policies[records.model.name] == nil ? nil : Follower(records: records)
    }

    func follows(_ field: Field, in model: ModelSchema, _ unit: UnitOfWork) -> Bool {
        let book = try? PolicyBook.current(Environment(unit: unit, user: .system, isSuperuser: true))
        return book?.computed[model.index]?.contains(field.slot) ?? false
    }

    func recomputed(_ records: Records, changes: [RecordChange]) throws { try OpenRequests.look(at: records) }

    /// Whoever is named in a field before it changes was named in it.
    private func remember(_ name: String, _ records: Records) throws {
        let machine = records.with(records.env.asSuperuser("who was named is recorded by the machine"))
        for id in records.ids {
            guard let user = try machine.value(id, name).intValue else { continue }
            try Doers.record("field:" + name, [user], on: machine.only(id))
        }
    }

    /// Looks at open requests when the write stands.
    private struct Follower: WriteFollower {
        let records: Records

        func written() throws { try OpenRequests.look(at: records) }
    }
}

/// Begins chains again when lines of their record are made, written or taken away.
struct LineObserver: RecordObserver {
    func events(of model: ModelSchema) -> RecordEvents {
        let hasLink = model.fields.contains { field in
            if case .many2one = field.kind { field.slot > ModelSchema.Slot.version } else { false }
        }
        return hasLink && model.app != "approvals" ? [.created, .writing, .deleting] : []
    }

    func created(_ records: Records, values: [ValueMap]) throws {
        for link in try links(records) { try OpenRequests.look(at: parents(of: records, link)) }
    }

    func writing(_ records: Records, fields: [Field]) throws -> (any WriteFollower)? {
        let links = try links(records)
        if links.isEmpty { return nil }
        // A line that moves leaves one record and comes to another.
        return Follower(lines: records, links: links, before: try links.map { try parents(of: records, $0) })
    }

    func deleting(_ records: Records) throws {
        let links = try links(records)
        if links.isEmpty { return }
        records.env.unit.thing(GoneLines.self) { GoneLines() }.add(records.ids, of: records.model)
        for link in links { try OpenRequests.look(at: parents(of: records, link)) }
    }

    private func links(_ records: Records) throws -> Set<PolicyBook.LineLink> {
        try PolicyBook.current(records.env).lines[records.model.name] ?? []
    }

    private func parents(of records: Records, _ link: PolicyBook.LineLink) throws -> Records {
        let env = records.env.asSuperuser("the record that lines belong to is found whoever writes them")
        guard case .many2one = records.model.field(link.inverse)?.kind else { return Records(records.model, [], env) }
        let parents = try records.with(env).related(link.inverse)
        return Records(parents.model, parents.ids, records.env)
    }

    private struct Follower: WriteFollower {
        let lines: Records
        let links: Set<PolicyBook.LineLink>
        let before: [Records]

        func written() throws {
            for parents in before { try OpenRequests.look(at: parents) }
            for link in links { try OpenRequests.look(at: LineObserver().parents(of: lines, link)) }
        }
    }
}

/// Has the book read anew in a unit of work that releases or ends a definition of approvals.
struct BookObserver: RecordObserver {
    private static let kinds = Set(Governed.all.map(\.name))

    func events(of model: ModelSchema) -> RecordEvents { model.name == DefinitionVersion.name ? [.created, .writing, .deleting] : [] }

    func created(_ records: Records, values: [ValueMap]) throws { try close(records) }

    func writing(_ records: Records, fields: [Field]) throws -> (any WriteFollower)? { Follower(records: records) }

    func deleting(_ records: Records) throws { try close(records) }

    private func close(_ records: Records) throws {
        let env = records.env.asSuperuser("which kind of definition changes is found by the machine")
        guard Recordset<DefinitionVersion>(records.with(env)).contains(where: { BookObserver.kinds.contains($0.kind) }) else { return }
        env.unit.thing(PolicyBook.Page.self) { PolicyBook.Page() }.book = nil
    }

    private struct Follower: WriteFollower {
        let records: Records

        func written() throws { try BookObserver().close(records) }
    }
}

/// Requests that wait for a decision about records that may have changed.
enum OpenRequests {
    /// How many waiting requests are kept at hand, so that a write of a record about which none waits asks no table.
    static let keptLimit = 5_000

    /// The records of a model about which requests wait; nil when there are too many to keep, or this unit of work changes requests.
    private static func waiting(_ model: String, _ env: Environment) throws -> Set<Int>? {
        guard let index = env.registry.model(Request.name)?.index, !env.unit.touchedModels.contains(index) else { return nil }
        return try env.remembered("approvals.waiting:" + model, from: [Request.name]) { env -> [Set<Int>] in
            let pending = Domain.where("request_status", .equal, "pending")
            let open = model == Request.name ? pending : pending & .where("res_model", .equal, .text(model))
            let found = try env.search(Request.self, open, limit: keptLimit + 1)
            return found.count > keptLimit ? [] : [Set(model == Request.name ? found.ids : found.map(\.record))]
        }.first
    }

    /// Begins the chains again whose content is not the one that was asked about: of requests about records, or of requests themselves.
    static func look(at records: Records, because what: String = "changed the record") throws {
        if records.isEmpty { return }
        if let waiting = try waiting(records.model.name, records.env), waiting.isDisjoint(with: records.ids) { return }
        let env = records.env.asSuperuser("a chain begins again whoever changed the record")
        let own = Domain.where("id", .in, .ids(records.ids)) & .where("request_status", .equal, "pending")
        let about = records.model.name == Request.name ? own : Requesting.about(records.model.name, records.ids)
        for request in try env.search(Request.self, about) where try !request.seen.isEmpty && Restarting.isOutdated(request) {
            try Restarting.begin(request, "\(env.user.name) \(what)")
        }
    }
}

/// Lines that this unit of work is deleting: they are no part of their record any more, though they can still be read.
final class GoneLines {
    private var ids: [Int: Set<Int>] = [:]

    func add(_ lines: [Int], of model: ModelSchema) { ids[model.index, default: []].formUnion(lines) }

    func contains(_ id: Int, of model: ModelSchema) -> Bool { ids[model.index]?.contains(id) ?? false }
}
