import Foundation
import JSON
import Kernel

@testable import Scripts

/// Scripts as tests run them: in real workers, with a host that counts and answers from a list.
enum ScriptFixture {
    /// Where the package's products lie: beside the test's own program.
    static let executable: String = {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<5 { root.deleteLastPathComponent() }
        let places = [own, root.appendingPathComponent(".build/debug")].map { $0.appendingPathComponent("ScriptWorkerProbe").path }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "ScriptWorkerProbe is missing"
    }()

    /// The pool that tests share which change no limits.
    static let pool = ScriptPool(executable: executable)

    static func pool(_ change: (inout ScriptLimits) -> Void) -> ScriptPool {
        var limits = ScriptLimits()
        change(&limits)
        return ScriptPool(executable: executable, limits: limits)
    }

    static func source(_ text: String) -> ScriptSource { ScriptSource(name: "Test script", text: text) }
}

extension ScriptPool {
    /// What a script returns.
    func value(
        _ text: String, _ input: ScriptInput = ScriptInput(), host: any ScriptHost = QuietHost(), seed: UInt64 = 7
    ) throws -> JSON {
        let now = Instant(seconds: 1_772_442_000)
        return try run(ScriptRun(ScriptFixture.source(text), input: input, now: now, seed: seed), host: host)
    }

    /// The refusal that a script ends with; nil when it ends well.
    func refusal(_ text: String, host: any ScriptHost = QuietHost()) -> Refusal? {
        do {
            _ = try value(text, host: host)
            return nil
        } catch { return error as? Refusal }
    }
}

/// A host that can be asked nothing.
struct QuietHost: ScriptHost {
    func answer(_ call: String, _ arguments: JSON) throws -> JSON { throw Refusal("test.nothing", .invalid, "Nothing is known.") }
    func isChange(_ call: String) -> Bool { false }
    func note(_ line: ScriptLogLine) {}
}

/// A host that keeps what it was asked and told, and answers by a closure.
final class ListeningHost: ScriptHost {
    var calls: [String] = []
    var lines: [ScriptLogLine] = []
    let body: (String, JSON) throws -> JSON

    init(_ body: @escaping (String, JSON) throws -> JSON = { _, _ in .null }) { self.body = body }

    func answer(_ call: String, _ arguments: JSON) throws -> JSON {
        calls.append(call)
        return try body(call, arguments)
    }
    func isChange(_ call: String) -> Bool { call != "read" && call != "search" }
    func note(_ line: ScriptLogLine) { lines.append(line) }
}
