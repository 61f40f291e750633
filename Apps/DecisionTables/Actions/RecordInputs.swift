import Decisions
import Governance
import Kernel

/// A dotted path from a record to a plain value that a decision table is asked with: `amount`, `specialty_id.code`.
public struct RecordPath: Sendable {
    /// The fields on the way, the value's own last.
    public let fields: [Field]

    /// - Throws: `decision.path`, and what a field that is not there throws.
    public init(_ path: String, from model: ModelSchema, _ registry: Registry) throws {
        var model = model
        var fields: [Field] = []
        let names = path.split(separator: ".").map(String.init)
        for (place, name) in names.enumerated() {
            let field = try model.requireField(name)
            fields.append(field)
            if place == names.count - 1 { break }
            guard case .many2one(let comodel, _) = field.kind else { throw Refusal.recordPath(path, name) }
            model = try registry.requireModel(comodel)
        }
        guard let last = fields.last, !RecordPath.types(of: last).isEmpty else { throw Refusal.recordPath(path, names.last ?? "") }
        self.fields = fields
    }

    /// The types of columns that a field's values fit.
    private static func types(of field: Field) -> Set<DecisionType> {
        switch field.kind {
        case .boolean: [.boolean]
        case .integer: [.integer, .number]
        case .float, .monetary: [.number, .integer]
        case .char, .text, .selection: [.string]
        case .date: [.date]
        case .datetime: [.dateTime, .date]
        case .html, .binary, .many2one, .one2many, .many2many, .reference, .many2oneReference, .json: []
        }
    }

    /// The types of columns that its values fit.
    public var types: Set<DecisionType> { fields.last.map(RecordPath.types) ?? [] }

    /// What stands there; nothing where the path ends early, and where a text is empty.
    public func value(of record: Records) throws -> Value {
        var records = record
        for field in fields.dropLast() { records = try records.related(field.name) }
        guard let id = records.ids.first, let last = fields.last else { return .null }
        let value = try records.value(id, last)
        return value == "" ? .null : value
    }
}

/// Where the inputs of a decision table stand in the records of a model: a path for each; an input without one is a field of its name.
public struct RecordInputs: Sendable {
    /// Paths by the names of inputs.
    public let paths: [String: String]

    /// The paths that a definition gives.
    public init(_ paths: [String: String]) { self.paths = paths }

    /// The path of an input.
    public func path(of input: DecisionInput) -> String { paths[input.name] ?? input.name }

    /// What keeps a table from being asked for records of a model, at a place of the definition that names the paths.
    public func problems(_ place: String, _ table: DecisionTable, _ model: ModelSchema, _ registry: Registry) -> [DefinitionProblem] {
        let names = Set(table.inputs.map(\.name))
        let odd = paths.keys.filter { !names.contains($0) }.sorted().map { name in
            DefinitionProblem(place + "." + name, "The table '\(table.key)' has no input '\(name)'.", remedy: "Leave it out.")
        }
        return odd
            + table.inputs.flatMap { input -> [DefinitionProblem] in
                DefinitionProblem.found(place + "." + input.name) {
                    guard try RecordPath(path(of: input), from: model, registry).types.contains(input.type) else {
                        throw Refusal.pathType(path(of: input), input)
                    }
                }
            }
    }

    /// The inputs of a table for a record.
    ///
    /// - Throws: `decision.path`, and what a field that is not there throws, with the input's name.
    public func values(for table: DecisionTable, of record: Records) throws -> ValueMap {
        try ValueMap(
            table.inputs.map { input in
                do {
                    return (input.name, try RecordPath(path(of: input), from: record.model, record.env.registry).value(of: record))
                } catch let refusal as Refusal {
                    throw Refusal(
                        refusal.code, refusal.kind, "Input '\(input.name)': \(refusal.message)", instruction: refusal.instruction)
                }
            })
    }
}

extension DefinitionProblem {
    /// What a check refuses, as a problem at a place; none when it refuses nothing.
    public static func found(_ place: String, _ check: () throws -> Void) -> [DefinitionProblem] {
        do {
            try check()
            return []
        } catch let refusal as Refusal {
            return [DefinitionProblem(place, refusal.message, remedy: refusal.instruction)]
        } catch { return [DefinitionProblem(place, "This cannot be checked: \(error).", remedy: "Correct the definition.")] }
    }
}

extension Refusal {
    static func recordPath(_ path: String, _ field: String) -> Refusal {
        Refusal(
            "decision.path", .validation, "'\(path)' does not lead to one plain value: '\(field)' is none.",
            instruction: "Go over many2one fields to a text, a number, a flag, a day or a moment: specialty_id.code.")
    }

    static func pathType(_ path: String, _ input: DecisionInput) -> Refusal {
        Refusal(
            "decision.path_type", .validation, "'\(path)' is no \(input.type.rawValue), as the input '\(input.name)' is.",
            instruction: "Name another path, or give the input another type.")
    }
}
