import DMN
import Decisions
import FEEL
import Governance
import JSON
import Kernel

/// What programs may ask of decision tables.
enum TableMethods {
    static let all: [Method<TableRecord>] = asking + exchanging

    private static let asking: [Method<TableRecord>] = [
        Method("evaluate", ["key", "inputs", "company_id", "at"], readsOnly: true, onModel: { try evaluate($0, $1) }),
        Method("check", ["content"], readsOnly: true, onModel: { try check($0, $1) }),
        Method(
            "run_tests", ["key"], readsOnly: true,
            onModel: { env, arguments in
                let compiled = try table(env, arguments)
                return .list(
                    compiled.table.tests.enumerated().map { place, test in
                        let failure = compiled.failure(of: test, number: place + 1)
                        return .map(["name": .text(test.name), "passed": .bool(failure == nil), "message": .text(failure?.message ?? "")])
                    })
            }),
    ]

    private static let exchanging: [Method<TableRecord>] = [
        Method(
            "export_dmn", ["key"], readsOnly: true,
            onModel: { env, arguments in
                let table = try table(env, arguments).table
                do throws(DMNError) { return .text(String(decoding: try table.dmnDocument(), as: UTF8.self)) } catch {
                    throw Refusal.dmn(error.code, error.what, line: error.line)
                }
            }),
        Method(
            "export_csv", ["key"], readsOnly: true,
            onModel: { env, arguments in .text(DMNCSV.text(try table(env, arguments).table.dmn)) }),
        Method("import_dmn", ["key", "text", "decision"], onModel: { try importDMN($0, $1) }),
        Method("import_csv", ["key", "text", "title"], onModel: { try importCSV($0, $1) }),
    ]

    // MARK: Asking

    /// The table in force of the key that is named, when the caller may see it.
    private static func table(_ env: Environment, _ arguments: ValueMap) throws -> CompiledTable {
        try seen(env, arguments).0
    }

    private static func seen(_ env: Environment, _ arguments: ValueMap) throws -> (CompiledTable, cause: String) {
        try env.checkRight(.read, on: env.registry.schema(TableRecord.self))
        let key = try key(arguments)
        let company = arguments["company_id"]?.intValue ?? env.companyId
        guard env.isSuperuser || env.user.companyIds.contains(company),
            try env.count(TableRecord.self, .where("key", .equal, .text(key))) > 0
        else { throw Refusal.noTable(key) }
        return try DecisionTables.table(key, in: env, company: company, at: try moment(arguments["at"]))
    }

    private static func key(_ arguments: ValueMap) throws -> String {
        guard let key = arguments["key"]?.textValue, !key.isEmpty else {
            throw Refusal.badValue("key", in: TableRecord.name, expected: "the key of a decision table")
        }
        return key
    }

    private static func moment(_ value: Value?) throws -> Instant? {
        switch value {
        case nil, .null, .bool(false): return nil
        case .instant(let moment): return moment
        case .text(let text):
            guard let moment = Instant(text) else { fallthrough }
            return moment
        default: throw Refusal.badValue("at", in: TableRecord.name, expected: "a moment as YYYY-MM-DD HH:MM:SS")
        }
    }

    private static func evaluate(_ env: Environment, _ arguments: ValueMap) throws -> Value {
        let (compiled, cause) = try seen(env, arguments)
        guard let inputs = try inputs(arguments["inputs"]) else {
            throw Refusal.badValue("inputs", in: TableRecord.name, expected: "an object of the inputs by name")
        }
        let outcome = try compiled.evaluate(fields: inputs)
        return .json([
            "outputs": outcome.json, "explanation": outcome.explanationJSON, "version": .string(cause),
        ])
    }

    private static func inputs(_ value: Value?) throws -> ValueMap? {
        switch value {
        case nil, .null: return [:]
        case .map(let map): return map
        case .json(.object(let object)): return ValueMap(object.members.map { ($0.key, .json($0.value)) })
        default: return nil
        }
    }

    /// What is wrong with a content that is not yet a version, or worth a look.
    private static func check(_ env: Environment, _ arguments: ValueMap) throws -> Value {
        try env.checkRight(.create, on: env.registry.schema(DefinitionVersion.self))
        guard let content = arguments["content"].flatMap(\.asJSON) else {
            throw Refusal.badValue("content", in: TableRecord.name, expected: "the content of a decision table")
        }
        let report: DecisionReport
        do throws(DecisionProblems) { report = try DecisionTable(key: "content", content: content).checked() } catch {
            return answer(error.list, isComplete: false, isOverlapFree: false, testsRun: 0)
        }
        return answer(report.problems, isComplete: report.isComplete, isOverlapFree: report.isOverlapFree, testsRun: report.testsRun)
    }

    private static func answer(_ problems: [DecisionProblem], isComplete: Bool, isOverlapFree: Bool, testsRun: Int) -> Value {
        .json([
            "problems": .array(problems.map(\.json)), "complete": .bool(isComplete), "overlap_free": .bool(isOverlapFree),
            "tests_run": JSON(testsRun),
        ])
    }

    // MARK: Exchanging

    private static func importDMN(_ env: Environment, _ arguments: ValueMap) throws -> Value {
        try env.checkRight(.create, on: env.registry.schema(DefinitionVersion.self))
        let document: DMNDocument
        do { document = try DMNDocument(parsing: Array((arguments["text"]?.textValue ?? "").utf8)) } catch {
            throw Refusal.dmn(error.code, error.what, line: error.line)
        }
        let wanted = arguments["decision"]?.textValue ?? ""
        let found = document.decisions.filter { wanted.isEmpty || $0.name == wanted || $0.id == wanted }
        guard found.count == 1, let decision = found.first else {
            let names = document.decisions.prefix(20).map(\.name).joined(separator: ", ")
            throw Refusal(
                "decision.choose", .validation, "The document holds \(document.decisions.count) decision tables.",
                instruction: "Name one under 'decision': \(names).")
        }
        return try draft(decision.table, title: decision.name, env, arguments, note: "Imported from DMN.", leftOut: document.ignored)
    }

    private static func importCSV(_ env: Environment, _ arguments: ValueMap) throws -> Value {
        try env.checkRight(.create, on: env.registry.schema(DefinitionVersion.self))
        let table: DMNTable
        do { table = try DMNCSV.table(parsing: Array((arguments["text"]?.textValue ?? "").utf8)) } catch {
            throw Refusal.dmn(error.code, error.what, line: error.line)
        }
        return try draft(table, title: arguments["title"]?.textValue ?? "", env, arguments, note: "Imported from CSV.")
    }

    /// A draft of what was imported, with what is wrong with it; tests of the table in force that still fit are kept.
    private static func draft(
        _ dmn: DMNTable, title: String, _ env: Environment, _ arguments: ValueMap, note: String, leftOut: [String] = []
    ) throws -> Value {
        let key = try key(arguments)
        let earlier = try? DecisionTables.table(key, in: env).0.table
        let table: DecisionTable
        do throws(DecisionProblems) {
            table = try DecisionTable(key: key, title: title.isEmpty ? earlier?.title ?? key : title, dmn: dmn, keeping: earlier)
        } catch { throw error.refusal }
        let version = try env.create(
            DefinitionVersion.self,
            [
                "definition_id": .int(try definition(key, table.title, env).id), "content": .json(table.content),
                "note": .text(note),
            ])
        let problems = table.checked().problems
        return .json([
            "version_id": JSON(version.id), "problems": .array(problems.map(\.json)), "left_out": .array(leftOut.map { .string($0) }),
        ])
    }

    private static func definition(_ key: String, _ title: String, _ env: Environment) throws -> Record<Definition> {
        let known =
            Domain.where("kind", .equal, .text(DecisionKind.kind)) & .where("key", .equal, .text(key)) & .where("company_id", .equal, .null)
        if let found = try env.search(Definition.self, known, limit: 1).first { return found }
        return try env.create(
            Definition.self, ["kind": .text(DecisionKind.kind), "key": .text(key), "title": .text(title.isEmpty ? key : title)])
    }
}

extension Value {
    /// The value as JSON, when it came as such or as a map.
    fileprivate var asJSON: JSON? {
        switch self {
        case .json(let json): json
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(Int64(value))
        case .double(let value): .double(value)
        case .amount(let value): .number(value.description)
        case .text(let value): .string(value)
        case .ids(let ids): .array(ids.map { JSON($0) })
        case .list(let values): values.count == values.compactMap(\.asJSON).count ? .array(values.compactMap(\.asJSON)) : nil
        case .map(let map):
            .object(
                JSONObject(map.entries.compactMap { entry in entry.value.asJSON.map { JSONObject.Member(key: entry.name, value: $0) } }))
        case .day, .instant, .bytes: nil
        }
    }
}
