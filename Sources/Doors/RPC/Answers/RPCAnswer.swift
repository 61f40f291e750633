import Kernel

/// What a method answers: a value, or rows that are written straight from the cache, without maps in between.
enum RPCAnswer {
    case value(Value)
    case rows(RecordRows)

    /// About how long it will be as JSON; it may well be longer.
    var expectedBytes: Int {
        switch self {
        case .value: 1_024
        case .rows(let rows): min(1_024 + rows.records.count * (rows.fields.count + 1) * 36, 1 << 20)
        }
    }
}

/// Fields of records, to be written one row after the other.
struct RecordRows {
    let records: Records
    let fields: [Field]
    /// Whether a link is written as `[id, name]`, else as its id.
    var namesLinks = true
    let limits: RPCLimits
    /// The values, when the search has brought them along.
    var known: RecordCells?

    /// The values of all rows.
    func cells() throws -> RecordCells { try known ?? RecordCells(records, fields) }

    /// Fields by name; without names all that the user may see.
    static func fields(_ names: [String]?, of model: ModelSchema, _ env: Environment) throws -> [Field] {
        guard let names, !names.isEmpty else { return model.fields.filter { env.canSee($0) && $0.slot != ModelSchema.Slot.id } }
        var fields: [Field] = []
        fields.reserveCapacity(names.count)
        for name in names {
            guard let field = model.field(name) else { throw Refusal.unreadableField(name, on: model.name) }
            guard env.canSee(field) else { throw Refusal.maskedField(field, on: model) }
            if field.slot != ModelSchema.Slot.id, !fields.contains(where: { $0 === field }) { fields.append(field) }
        }
        return fields
    }

    /// The names of all records that links lead to, read together: for each place the names by id.
    ///
    /// - Parameter places: The links' places among the fields.
    func names(at places: [Int], of cells: RecordCells) throws -> [Int: [Int: String]] {
        let env = records.env.asSuperuser("a link shows the name of its target")
        var linked: [(place: Int, records: Records)] = []
        for place in places {
            guard let comodel = fields[place].kind.comodel else { continue }
            let targets = RecordRows.targets(at: place, of: cells)
            if !targets.isEmpty { linked.append((place, Records(try env.registry.requireModel(comodel), targets, env))) }
        }
        var names: [Int: [Int: String]] = [:]
        for (link, found) in zip(linked, try Records.namesInTables(linked.map(\.records))) {
            names[link.place] = try found ?? RecordRows.computedNames(link.records)
        }
        return names
    }

    private static func targets(at place: Int, of cells: RecordCells) -> [Int] {
        var seen = Set<Int>()
        var targets: [Int] = []
        for index in stride(from: place, to: cells.values.count, by: cells.width) {
            // Neighbours often lead to the same record.
            guard case .int(let target) = cells.values[index], target != targets.last else { continue }
            if seen.insert(target).inserted { targets.append(target) }
        }
        return targets
    }

    private static func computedNames(_ linked: Records) throws -> [Int: String] {
        if let name = linked.model.field(linked.model.nameField), name.hasColumn { try linked.bring([name]) }
        var names: [Int: String] = [:]
        for (id, name) in try linked.names() { names[id] = name }
        return names
    }

    /// The size of a binary field's content as a text, when the context asks for sizes instead of bytes.
    func showsSize(_ field: Field) -> Bool {
        guard field.kind == .binary else { return false }
        let context = records.env.context
        return !(context["bin_size"]?.isFalsy ?? true) || !(context["bin_size_" + field.name]?.isFalsy ?? true)
    }
}

extension Refusal {
    /// A field mask hides the field.
    static func maskedField(_ field: Field, on model: ModelSchema) -> Refusal {
        Refusal(
            "access.field", .accessDenied,
            "You do not have enough rights to read the field \(field.name) on \(model.title) (\(model.name)).",
            instruction: "Leave the field out or ask an administrator.",
            details: ["model": .text(model.name), "fields": .list([.text(field.name)])])
    }
}

/// How many bytes there are, for people.
enum ByteCount {
    static func text(_ count: Int) -> String {
        var size = Double(count)
        for unit in ["bytes", "Kb", "Mb", "Gb"] {
            if size < 1_024 { return decimals(size) + " " + unit }
            size /= 1_024
        }
        return decimals(size) + " Tb"
    }

    private static func decimals(_ size: Double) -> String {
        let hundredths = Int((size * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
