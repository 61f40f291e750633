import Foundation

/// Documented publics, links that resolve, names of tests, targets of make.
enum Documentation {
    /// Each `public` declaration has a doc comment directly above it, attributes between allowed.
    static func undocumented(_ files: [ScannedFile]) -> [Offence] {
        files.flatMap { scanned -> [Offence] in
            let source = scanned.file.lines
            return scanned.codeLines(with: ["public ", "open class "]).compactMap { number, line in
                guard
                    let match = line.firstMatch(
                        of: #/^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:\w+\s+)*?(?:public|open(?=\s+class))\s+(?!import|extension)(\w.*)/#),
                    !isDocumented(number - 1, source)
                else { return nil }
                return Offence(path: scanned.file.path, line: number, what: "public without a doc comment: \(match.1.prefix(60).trimmed)")
            }
        }
    }

    private static func isDocumented(_ index: Int, _ source: [Substring]) -> Bool {
        var above = index - 1
        while above >= 0, source[above].trimmed.hasPrefix("@") { above -= 1 }
        guard above >= 0 else { return false }
        let line = source[above].trimmed
        return line.hasPrefix("///") || line.hasSuffix("*/")
    }

    /// Relative links of Markdown files that lead nowhere.
    static func brokenLinks(_ files: [TextFile], exists: (String) -> Bool) -> [Offence] {
        files.filter { $0.path.hasSuffix(".md") }.flatMap { file in
            linkTargets(in: file).compactMap { target, line in
                exists(resolve(target, from: file.path))
                    ? nil : Offence(path: file.path, line: line, what: "link to \(target) leads nowhere")
            }
        }
    }

    private static func linkTargets(in file: TextFile) -> [(String, Int)] {
        var fenced = false
        return file.lines.enumerated().flatMap { index, line -> [(String, Int)] in
            if line.trimmed.hasPrefix("```") { fenced.toggle() }
            guard !fenced else { return [] }
            let prose = line.replacing(#/`[^`]*`/#, with: "")
            return prose.matches(of: #/\]\(([^)\s]+)[^)]*\)/#).map { String($0.1) }
                .filter { !$0.contains("://") && !$0.hasPrefix("#") && !$0.hasPrefix("mailto:") }
                .map { (String($0.prefix { $0 != "#" }), index + 1) }
        }
    }

    private static func resolve(_ target: String, from path: String) -> String {
        var parts = target.hasPrefix("/") ? [] : path.split(separator: "/").dropLast().map(String.init)
        for part in (target.removingPercentEncoding ?? target).split(separator: "/").map(String.init) where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    /// Tests whose name is no sentence: `@Test("closing twice keeps the first day")` has spaces.
    static func wordlessTests(_ files: [ScannedFile]) -> [Offence] {
        files.filter(\.file.isTest).flatMap { scanned -> [Offence] in
            let source = Array(scanned.file.text.utf8)
            return Bytes.positions(of: "@Test", in: scanned.code).compactMap { start in
                let after = String(decoding: source[start..<min(source.count, start + 400)], as: UTF8.self)
                guard let rest = after.firstMatch(of: #/^@Test\b([\s\S]*)/#)?.1 else { return nil }
                if let name = rest.firstMatch(of: #/^\(\s*#*"([^"\n]*)/#)?.1, name.contains(" ") { return nil }
                return Offence(path: scanned.file.path, line: scanned.line(at: start), what: "@Test without a sentence for a name")
            }
        }
    }

    /// `make` targets that a document names and the Makefile does not have.
    static func unknownMakeTargets(_ documents: [TextFile], makefile: String) -> [Offence] {
        let known = Set(makefile.matches(of: #/(?m)^([a-z][a-z-]*):/#).map { String($0.1) })
        return documents.flatMap { file in
            file.lines.enumerated().flatMap { index, line in
                line.matches(of: #/(?:`|^\s*\$?\s*)make ((?:[a-z][a-z-]*)(?=[\s`&|;]|$))/#).map { String($0.1) }.filter {
                    !known.contains($0)
                }
                .map { Offence(path: file.path, line: index + 1, what: "make \($0) is not in the Makefile") }
            }
        }
    }
}
