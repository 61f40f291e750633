/// Words and signs that have no place in the product.
enum Words {
    /// `print(`, `try!`, `as!`, forced unwraps and open notes, outside tests.
    static func offences(_ files: [ScannedFile]) -> [Offence] {
        files.flatMap { scanned in
            let code = scanned.codeLines(with: ["print(", "debugPrint(", "dump(", "!"]).flatMap { number, line in
                inCode(line).map { Offence(path: scanned.file.path, line: number, what: $0) }
            }
            return code
                + scanned.commentLines(with: openNotes).flatMap { number, line in
                    notes(line).map { Offence(path: scanned.file.path, line: number, what: $0) }
                }
        }
    }

    // Spelt in two halves, so that this file does not find itself.
    private static let openNotes = ["FIX" + "ME", "TO" + "DO"]

    private static func inCode(_ line: String) -> [String] {
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

    private static func notes(_ line: String) -> [String] {
        for word in openNotes where line.split(whereSeparator: { !$0.isLetter }).contains(Substring(word)) {
            return ["\(word): do it now, or open an issue"]
        }
        return []
    }

    /// Paths of one machine or one workplace; a repository must work everywhere.
    static func machinePaths(_ files: [TextFile]) -> [Offence] {
        let names = ["/wor" + "k/", "/roo" + "t/", "/tmp/ba" + "sh", "/opt/wh" + "eels", "/opt/sw" + "ift", "/ho" + "me/"]
        return files.flatMap { file -> [Offence] in
            let bytes = Array(file.text.utf8)
            return names.flatMap { name in
                Bytes.positions(of: name, in: bytes).filter { isAbsolute(bytes, $0) }.map { position in
                    Offence(
                        path: file.path, line: 1 + Bytes.positions(of: "\n", in: Array(bytes[..<position])).count,
                        what: "names \(name), a path of one machine")
                }
            }
        }
    }

    /// `/ho` + `me/` inside a URL or a relative path (`docs/…`) is another thing.
    private static func isAbsolute(_ bytes: [UInt8], _ start: Int) -> Bool {
        guard start > 0 else { return true }
        let before = Character(UnicodeScalar(bytes[start - 1]))
        return !before.isLetter && !before.isNumber && !"._-}$)".contains(before)
    }
}
