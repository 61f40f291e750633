/// Words and signs that have no place in the product.
enum Words {
    /// `print(`, `try!`, `as!`, forced unwraps and open notes, outside tests.
    static func offences(_ files: [TextFile]) -> [Offence] {
        files.flatMap { file in
            let scanned = ScannedFile(file)
            let code = scanned.codeLines.enumerated().flatMap { index, line in
                inCode(line).map { Offence(path: file.path, line: index + 1, what: $0) }
            }
            return code
                + scanned.commentLines.enumerated().flatMap { index, line in
                    notes(line).map { Offence(path: file.path, line: index + 1, what: $0) }
                }
        }
    }

    private static func inCode(_ line: Substring) -> [String] {
        var found: [String] = []
        if line.contains(#/(?:^|[^\w.`])(?:debugPrint|print|dump)\(/#), !line.contains("func ") {
            found.append("prints; write to the log or to the command's output")
        }
        if line.contains(#/\btry!/#) { found.append("try!; let it throw") }
        if line.contains(#/\bas!/#) { found.append("as!; use as? and say what else happens") }
        let rest = line.replacing(#/\b(?:try|as)!/#, with: "")
        if rest.contains(#/[\w)\]}"`?]!(?!=)/#) { found.append("forced unwrap; use guard let, or precondition for our own mistake") }
        return found
    }

    private static func notes(_ line: Substring) -> [String] {
        // Spelt in two halves, so that this file does not find itself.
        for word in ["FIX" + "ME", "TO" + "DO"] where line.split(whereSeparator: { !$0.isLetter }).contains(Substring(word)) {
            return ["\(word): do it now, or open an issue"]
        }
        return []
    }

    /// Paths of one machine or one workplace; a repository must work everywhere.
    static func machinePaths(_ files: [TextFile]) -> [Offence] {
        let names = ["/wor" + "k/", "/roo" + "t/", "/tmp/ba" + "sh", "/opt/wh" + "eels", "/opt/sw" + "ift", "/ho" + "me/"]
        return files.flatMap { file in
            file.lines.enumerated().flatMap { index, line in
                names.filter { name in line.ranges(of: name).contains { isAbsolute(line, $0.lowerBound) } }
                    .map { Offence(path: file.path, line: index + 1, what: "names \($0), a path of one machine") }
            }
        }
    }

    /// `/ho` + `me/` inside a URL or a relative path (`docs/…`) is another thing.
    private static func isAbsolute(_ line: Substring, _ start: String.Index) -> Bool {
        guard start > line.startIndex else { return true }
        let before = line[line.index(before: start)]
        return !before.isLetter && !before.isNumber && !"._-}$)".contains(before)
    }
}
