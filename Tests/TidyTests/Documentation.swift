import Foundation

/// Documented publics, links that resolve, names of tests, targets of make.
enum Documentation {
    /// Each `public` declaration has a doc comment directly above it, attributes between allowed.
    ///
    /// Two kinds need none: a member that keeps the promise of a protocol has its words there, and a field of a model says
    /// itself what it is, by its label.
    static func undocumented(_ files: [ScannedFile]) -> [Offence] {
        let promises = Promises(files)
        return files.flatMap { scanned -> [Offence] in
            let source = scanned.file.lines
            let candidates = scanned.codeLines(with: ["public ", "open class "]).filter {
                isPublic($0.text) && !isDocumented($0.number - 1, source)
            }
            guard !candidates.isEmpty else { return [] }
            let scopes = promises.scopes(in: scanned)
            return candidates.compactMap { number, line in
                let place = scopes.filter { $0.range.contains(scanned.start(ofLine: number)) }.min { $0.range.count < $1.range.count }
                if let place, saysItself(line, in: place, promises) { return nil }
                return Offence(path: scanned.file.path, line: number, what: "public without a doc comment: \(line.trimmed.prefix(70))")
            }
        }
    }

    private static func isPublic(_ line: String) -> Bool {
        line.contains(#/^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:\w+\s+)*?(?:public|open(?=\s+class))\s+(?!import|extension)\w/#)
    }

    private static func saysItself(_ line: String, in place: Promises.Scope, _ promises: Promises) -> Bool {
        if place.isModel, line.contains(#/\blet\s+\w+\s*=\s*\w+(?:<[\w., ]+>)?\(/#), !line.contains("static ") { return true }
        return Promises.memberName(line).map { promises.isPromised($0, by: place.type) } ?? false
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
