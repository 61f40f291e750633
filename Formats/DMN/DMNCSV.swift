/// A decision table as CSV (RFC 4180), for spreadsheets.
///
/// Shape: the first line holds the hit policy (`U`, `A`, `P`, `F`, `R`, `O`, `C`, `C+`, `C<`, `C>`, `C#`) and for each column `input`,
/// `output` or `annotation`. Then lines named by their first cell: `name` (the tested expression, the output's name), `label`, `type`,
/// `values`, `default`; of these only `name` must be there. Then the rules, whose first cell is their id.
public enum DMNCSV {
    /// The table as CSV, lines ended by CR LF.
    public static func text(_ table: DMNTable) -> String {
        let kinds = table.inputs.map { _ in "input" } + table.outputs.map { _ in "output" } + table.annotations.map { _ in "annotation" }
        let blanks = table.annotations.map { _ in "" }
        var lines = [[table.hitPolicy.letter + (table.aggregation?.sign ?? "")] + kinds]
        func add(_ head: String, _ inputs: [String], _ outputs: [String], _ annotations: [String]) {
            let cells = inputs + outputs + annotations
            if head == "name" || cells.contains(where: { !$0.isEmpty }) { lines.append([head] + cells) }
        }
        add("name", table.inputs.map(\.expression), table.outputs.map(\.name), table.annotations)
        add("label", table.inputs.map(\.label), table.outputs.map(\.label), blanks)
        add("type", table.inputs.map(\.typeRef), table.outputs.map(\.typeRef), blanks)
        add("values", table.inputs.map(\.values), table.outputs.map(\.values), blanks)
        add("default", table.inputs.map { _ in "" }, table.outputs.map(\.defaultEntry), blanks)
        for rule in table.rules {
            let remarks = (0..<table.annotations.count).map { $0 < rule.annotations.count ? rule.annotations[$0] : "" }
            lines.append([ruleHead(rule.id)] + rule.inputs.map { $0.isEmpty ? "-" : $0 } + rule.outputs + remarks)
        }
        return lines.map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
    }

    /// A rule's id that reads like the head of a line gets a space, which reading takes away.
    private static func ruleHead(_ id: String) -> String { heads.contains(id) ? " " + id : id }

    private static let heads: Set<String> = ["name", "label", "type", "values", "default"]

    private static func quoted(_ cell: String) -> String {
        let needsQuotes = cell.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
        guard needsQuotes else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - bytes: CSV in UTF-8, cells separated by commas; a byte order mark is skipped.
    ///   - limits: What is refused although it is correct.
    /// - Throws: `dmn.too_large`, `dmn.encoding`, `dmn.csv`.
    public static func table(parsing bytes: [UInt8], limits: DMNLimits = .default) throws(DMNError) -> DMNTable {
        guard bytes.count <= limits.maxBytes else { throw .tooLarge(limits.maxBytes) }
        var scanner = CSVScanner(bytes, maxCells: limits.maxElements)
        guard let first = try scanner.next() else {
            throw .csv("The text is empty. Begin with a line such as U,input,output.", line: 1)
        }
        var reader = try CSVTableReader(first)
        while let line = try scanner.next() { try reader.take(line, isHead: { heads.contains($0) }) }
        return try reader.finished()
    }
}

/// Puts a table together from the lines of CSV.
struct CSVTableReader {
    private var table = DMNTable()
    private let kinds: [String]
    private var named = false

    init(_ first: CSVScanner.Line) throws(DMNError) {
        let policy = first.cells[0]
        guard let hit = DMNHitPolicy.allCases.first(where: { $0.letter == policy.prefix(1) }) else {
            throw .csv("The first cell is the hit policy: U, A, P, F, R, O, C, C+, C<, C> or C#.", line: first.number)
        }
        table.hitPolicy = hit
        let sign = String(policy.dropFirst())
        if !sign.isEmpty {
            guard hit == .collect, let aggregation = DMNAggregation.allCases.first(where: { $0.sign == sign }) else {
                throw .csv("The first cell is the hit policy: U, A, P, F, R, O, C, C+, C<, C> or C#.", line: first.number)
            }
            table.aggregation = aggregation
        }
        kinds = Array(first.cells.dropFirst())
        let ranks = kinds.map { ["input": 0, "output": 1, "annotation": 2][$0] ?? -1 }
        guard !ranks.contains(-1), ranks == ranks.sorted(), ranks.contains(1) else {
            throw .csv("The columns are `input`, then `output`, then `annotation`, with one output at least.", line: first.number)
        }
        table.inputs = kinds.filter { $0 == "input" }.map { _ in DMNInput(expression: "") }
        table.outputs = kinds.filter { $0 == "output" }.map { _ in DMNOutput(name: "") }
        table.annotations = kinds.filter { $0 == "annotation" }.map { _ in "" }
    }

    mutating func take(_ line: CSVScanner.Line, isHead: (String) -> Bool) throws(DMNError) {
        if line.cells.allSatisfy(\.isEmpty) { return }
        guard line.cells.count == kinds.count + 1 else {
            throw .csv("The line has \(line.cells.count) cells; the first one has \(kinds.count + 1).", line: line.number)
        }
        let cells = line.cells.dropFirst()
        let inputs = Array(cells.prefix(table.inputs.count))
        let outputs = Array(cells.dropFirst(table.inputs.count).prefix(table.outputs.count))
        let remarks = Array(cells.suffix(table.annotations.count))
        guard table.rules.isEmpty, isHead(line.cells[0]) else {
            let id = trimmed(line.cells[0])
            return table.rules.append(
                DMNRule(id: id, inputs: inputs.map(trimmed), outputs: outputs.map(trimmed), annotations: remarks.map(trimmed)))
        }
        head(line.cells[0], inputs.map(trimmed), outputs.map(trimmed), remarks.map(trimmed))
    }

    private mutating func head(_ name: String, _ inputs: [String], _ outputs: [String], _ remarks: [String]) {
        for (place, cell) in inputs.enumerated() {
            switch name {
            case "name": table.inputs[place].expression = cell
            case "label": table.inputs[place].label = cell
            case "type": table.inputs[place].typeRef = cell
            case "values": table.inputs[place].values = cell
            default: break
            }
        }
        for (place, cell) in outputs.enumerated() {
            switch name {
            case "name": table.outputs[place].name = cell
            case "label": table.outputs[place].label = cell
            case "type": table.outputs[place].typeRef = cell
            case "values": table.outputs[place].values = cell
            default: table.outputs[place].defaultEntry = cell
            }
        }
        if name == "name" {
            table.annotations = remarks
            named = true
        }
    }

    func finished() throws(DMNError) -> DMNTable {
        guard named else { throw .csv("A line `name` is missing that names the inputs and outputs.", line: 2) }
        return table
    }
}
