import Foundation
import JSON
import Kernel
import Testing

@testable import Clocks

/// The reference in Python, run as a program of its own.
enum Reference {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The interpreter: the project's own, else the machine's; nil when there is none.
    static let python: String? = find()

    private static func find() -> String? {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { String($0) + "/python3" }
        let known = ["/usr/bin/python3", root.appendingPathComponent(".venv/bin/python").path] + path
        return known.first { candidate in
            FileManager.default.isExecutableFile(atPath: candidate) && run(candidate, ["-c", "import zoneinfo"]) == 0
        }
    }

    static let isThere: Bool = {
        if python == nil { print("Python with zoneinfo is absent, so that nothing was compared with the reference.") }
        return python != nil
    }()

    static func answers(to questions: JSON) throws -> JSON {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-clocks-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (asked, told) = (folder.appendingPathComponent("asked.json"), folder.appendingPathComponent("told.json"))
        try Data(questions.serialized()).write(to: asked)
        let script = root.appendingPathComponent("Tests/Clocks/reference.py")
        let code = run(try #require(python), [script.path, asked.path, told.path])
        try #require(code == 0, "the reference failed")
        return try JSON.parse(Array(try Data(contentsOf: told)), limits: JSONLimits(maxDepth: 20, maxBytes: 64 << 20))
    }

    private static func run(_ program: String, _ arguments: [String]) -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        do { try process.run() } catch { return -1 }
        process.waitUntilExit()
        return process.terminationStatus
    }
}
