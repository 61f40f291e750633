import Kernel

/// `load`: a table of texts becomes records, all of them or none.
enum ImportMethods {
    static let all: [RPCMethod] = [
        .onModel("load", [.required("fields"), .required("data")], writes: true) { target, arguments in
            let rows = try arguments.list("data").map { row -> [Value] in
                guard let cells = row.listValue else { throw arguments.bad("data", "a list of rows") }
                return cells
            }
            guard rows.count <= target.limits.importRows else { throw Refusal.tooMany("rows", target.limits.importRows) }
            let paths = (try arguments.texts("fields") ?? []).map { $0.split(separator: "/").map(String.init) }
            var table = ImportTable(target.model, target.env)
            let records = table.records(paths, rows)
            var ids: [Int] = []
            for record in records where table.messages.isEmpty || ids.count < records.count {
                if let id = table.save(record) { ids.append(id) }
            }
            guard table.messages.isEmpty else {
                // Nothing stays: the unit of work is rolled back, and the messages are told all the same.
                throw DraftAnswer(answer: ["ids": false, "messages": .list(table.messages.map { .map($0) }), "nextrow": 0])
            }
            return .value(["ids": .ids(ids), "messages": [], "nextrow": 0])
        }
    ]
}
