import Foundation
import Testing

/// Files that the tests may read but the repository does not hold.
enum Oracles {
    struct File: CustomTestStringConvertible, Sendable {
        let path: String
        let bytes: [UInt8]
        var testDescription: String { path }
    }

    static let package: URL = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { place, _ in place.deletingLastPathComponent() }

    static let root: URL = {
        if let shared = ProcessInfo.processInfo.environment["BATON_SHARED"] { return URL(fileURLWithPath: shared) }
        return package.deletingLastPathComponent().appendingPathComponent("shared")
    }()

    /// All JSON files below a folder, sorted, each with its path below `oracles/fhir`; empty when the folder is absent.
    static func files(_ folder: String) -> [File] {
        let base = root.appendingPathComponent("oracles/fhir")
        let start = base.appendingPathComponent(folder)
        guard let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil) else { return [] }
        return walk.compactMap { $0 as? URL }.filter { $0.pathExtension == "json" }.compactMap { url in
            (try? Data(contentsOf: url)).map {
                File(path: String(url.path.dropFirst(base.path.count + 1)), bytes: [UInt8]($0))
            }
        }.sorted { $0.path < $1.path }
    }

    /// The files, or a note in the log that the test was skipped.
    static func filesOrSkip(_ folder: String) -> [File] {
        let found = files(folder)
        if found.isEmpty { print("skipped: no \(folder) below \(root.lastPathComponent)/oracles/fhir") }
        return found
    }
}
