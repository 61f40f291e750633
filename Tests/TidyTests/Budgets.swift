/// The budgets of DESIGN §8.
enum Budgets {
    static let fileMedian = 120, file95th = 400, fileMost = 600, functionMedian = 10, functionMost = 70
    static let folders = ["Sources", "Apps", "Formats", "Connectors", "Client"]
    static let suffixes = [".swift", ".js", ".mjs", ".css", ".h"]

    /// Files: median under 120 lines, 95th percentile under 400, none over 600.
    static func fileOffences(_ files: [TextFile]) -> [Offence] {
        let counted = files.filter { $0.isUnder(folders) && $0.ends(with: suffixes) }.map { (file: $0, lines: $0.lineCount) }
            .sorted { $0.lines > $1.lines }
        var offences = counted.filter { $0.lines > fileMost }.map {
            Offence(path: $0.file.path, line: 0, what: "\($0.lines) lines; at most \(fileMost)")
        }
        let lengths = counted.map(\.lines)
        if let median = percentile(50, of: lengths), median >= fileMedian {
            offences.append(Offence(path: "all files", line: 0, what: "median \(median) lines; must be under \(fileMedian)"))
        }
        if let high = percentile(95, of: lengths), high >= file95th {
            let longest = counted.prefix { $0.lines >= file95th }.map { "\($0.file.path) (\($0.lines))" }.joined(separator: ", ")
            offences.append(
                Offence(path: "all files", line: 0, what: "95th percentile \(high) lines; must be under \(file95th). Longest: \(longest)"))
        }
        return offences
    }

    /// Functions: median under 10 lines, none over 70.
    static func functionOffences(_ files: [ScannedFile]) -> [Offence] {
        let found = files.flatMap { file in FunctionFinder(file).functions().map { (path: file.file.path, function: $0) } }
        var offences = found.filter { $0.function.length > functionMost }.map {
            Offence(
                path: $0.path, line: $0.function.line,
                what: "function \($0.function.name) has \($0.function.length) lines; at most \(functionMost)")
        }
        if let median = percentile(50, of: found.map(\.function.length)), median >= functionMedian {
            offences.append(Offence(path: "all functions", line: 0, what: "median \(median) lines; must be under \(functionMedian)"))
        }
        return offences
    }

    /// The smallest value that at least `percent` of the values do not exceed.
    static func percentile(_ percent: Int, of values: [Int]) -> Int? {
        guard !values.isEmpty else { return nil }
        let rank = (values.count * percent + 99) / 100
        return values.sorted()[max(0, rank - 1)]
    }
}
