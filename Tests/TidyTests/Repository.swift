import Foundation

/// One text file of the repository, by its path relative to the root.
struct TextFile {
    let path: String
    let text: String

    init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
    }

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    /// Lines as an editor counts them: a final newline starts none.
    var lineCount: Int { text.utf8.reduce(0) { $0 + ($1 == 10 ? 1 : 0) } + (text.isEmpty || text.hasSuffix("\n") ? 0 : 1) }
    var isTest: Bool { path.split(separator: "/").dropLast().contains { $0 == "Tests" || $0.hasSuffix("Tests") } }
    func isUnder(_ folders: [String]) -> Bool { folders.contains { path.hasPrefix($0 + "/") } }
    func ends(with suffixes: [String]) -> Bool { suffixes.contains { path.hasSuffix($0) } }
}

/// Something that breaks a house rule, with the place to go to.
struct Offence: CustomStringConvertible, Equatable {
    let path: String
    let line: Int
    let what: String

    var description: String { line > 0 ? "\(path):\(line): \(what)" : "\(path): \(what)" }
}

/// The repository as the checks see it: every text file that git would keep.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .resolvingSymlinksInPath()
    static let productFolders = ["Sources", "Apps", "Formats", "Connectors"]

    private static let leftOut: Set<String> = [".build", ".git", ".venv", "data", "__pycache__", "node_modules", ".swiftpm", "vendor"]
    private static let textSuffixes = [
        ".swift", ".h", ".md", ".py", ".sh", ".js", ".mjs", ".css", ".html", ".txt", ".yaml", ".yml", ".json", ".modulemap", ".c",
        "Makefile",
    ]

    /// Every text file under the root; data of more than 2 MiB is no text to keep tidy.
    static let files: [TextFile] = {
        var found: [TextFile] = []
        let names = (FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? [])
        for name in names.sorted() where isText(name) {
            guard let bytes = FileManager.default.contents(atPath: root.path + "/" + name), bytes.count <= 2 << 20 else { continue }
            found.append(TextFile(name, String(decoding: bytes, as: UTF8.self)))
        }
        return found
    }()

    static let swift = files.filter { $0.path.hasSuffix(".swift") }.map(ScannedFile.init)
    static let productSwift = swift.filter { $0.file.isUnder(productFolders) && !$0.file.isTest }
    static let manifest = Manifest(file("Package.swift")?.text ?? "")

    static func file(_ path: String) -> TextFile? { files.first { $0.path == path } }
    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.path + "/" + path) }

    private static func isText(_ path: String) -> Bool {
        let parts = path.split(separator: "/").map(String.init)
        guard !parts.contains(where: leftOut.contains) else { return false }
        let isScript = parts.count == 2 && ["scripts", ".ci"].contains(parts[0]) || parts.last == "run"
        return isScript || textSuffixes.contains { path.hasSuffix($0) }
    }
}
