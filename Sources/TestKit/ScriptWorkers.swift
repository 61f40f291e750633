import Foundation
import Scripts

/// The script engine of tests: real workers, from a small program that is built with the tests.
public enum ScriptWorkers {
    /// One pool for the whole test process.
    public static let engine: any ScriptEngine = ScriptPool(executable: executable)

    /// The program of the workers, beside the test's own.
    public static let executable: String = {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let places = [own, root.appendingPathComponent(".build/debug")].map { $0.appendingPathComponent("ScriptWorkerProbe").path }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "ScriptWorkerProbe is missing"
    }()
}
