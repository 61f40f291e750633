import Foundation

/// Documented publics, links that resolve, names of tests, targets of make.
enum Documentation {
    /// Each `public` declaration has a doc comment directly above it, attributes between allowed.
    static func undocumented(_ files: [TextFile]) -> [Offence] {
        files.flatMap { file -> [Offence] in
            let lines = ScannedFile(file).codeLines
            let source = file.lines
            return lines.indices.compactMap { index in
                guard
                    let match = lines[index].firstMatch(
                        of: #/^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:\w+\s+)*?(?:public|open)\s+(?!import|extension)(.+)/#),
                    !isDocumented(index, source)
                else { return nil }
                return Offence(path: file.path, line: index + 1, what: "public without a doc comment: \(match.1.prefix(60).trimmed)")
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
    static func wordlessTests(_ files: [TextFile]) -> [Offence] {
        files.filter(\.isTest).flatMap { file -> [Offence] in
            let scanned = ScannedFile(file)
            let source = Array(file.text.utf8)
            let code = String(decoding: scanned.code, as: UTF8.self)
            return code.matches(of: #/@Test\b/#).compactMap { match in
                let end = code.utf8.distance(from: code.startIndex, to: match.range.upperBound)
                let after = String(decoding: source[end..<min(source.count, end + 400)], as: UTF8.self)
                if let name = after.firstMatch(of: #/^\(\s*#*"([^"\n]*)/#)?.1, name.contains(" ") { return nil }
                return Offence(path: file.path, line: scanned.line(at: end), what: "@Test without a sentence for a name")
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
