import Foundation
import JSON
import Kernel
import Testing

@testable import Scripts

@Suite struct ContainmentTests {
    let pool = ScriptFixture.pool

    @Test("the walls hold what would take over a worker")
    func walls() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("escape-\(UUID().uuidString)").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: ScriptFixture.executable)
        process.arguments = ["try-to-escape", folder, "/etc/passwd"]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test("nothing of a script is left for the next one in the same worker")
    func noLeaks() throws {
        let single = ScriptFixture.pool { $0.workers = 1 }
        let pollution = """
            Object.prototype.stolen = 1; Array.prototype.map = () => ['mine']; globalThis.secret = payload; JSON.stringify = () => '0';
            String.prototype.slice = () => 'mine'; Function.prototype.call = null; Object.freeze(Array.prototype); Map.prototype.get = () => 9;
            Object.defineProperty(Object.prototype, 'kind', {get() { return 'mine' }}); Symbol.for('x').description; RegExp.prototype.exec = null;
            Error.prototype.message = 'mine'; Promise.prototype.then = null; delete globalThis.Object; globalThis.ask = 1; /(s)ecret/.test('secret');
            """
        let host = ListeningHost()
        _ = try? single.value(pollution, host: host)
        let left = """
            return [({}).stolen, [1].map((x) => x), typeof secret, JSON.stringify({a: 1}), 'abc'.slice(1), typeof Function.prototype.call,
              Object.isFrozen(Array.prototype), new Map([[1, 2]]).get(1), ({}).kind, new Error('x').message, typeof ask, RegExp.$1]
            """
        let clean: JSON = [nil, [1], "undefined", "{\"a\":1}", "bc", "function", false, 2, nil, "x", "undefined", ""]
        #expect(try single.value(left) == clean)
        #expect(try single.value(left) == clean)
    }

    @Test("a script sees exactly these globals, and no way to files, network, processes or other code")
    func globals() throws {
        let known = try pool.value(
            "return Object.getOwnPropertyNames(globalThis).filter((name) => !/^[A-Z]|^(is|parse|decode|encode|eval|escape|unescape|undefined)/.test(name))"
        )
        #expect(known == ["globalThis"])
        let types = try pool.value(
            """
            return [typeof process, typeof require, typeof module, typeof fetch, typeof XMLHttpRequest, typeof WebSocket, typeof setTimeout,
              typeof Deno, typeof Bun, typeof load, typeof readFile, typeof print, typeof console, typeof WebAssembly, typeof SharedArrayBuffer,
              typeof Atomics, typeof WeakRef, typeof importScripts, typeof ask, typeof tell, typeof describe]
            """)
        #expect(types == .array(Array(repeating: "undefined", count: 21)))
        #expect(pool.refusal("return process.env")?.code == "script.failed")
        #expect(pool.refusal("return require('fs')")?.message.contains("ReferenceError") == true)
        #expect(pool.refusal("import fs from 'fs'")?.code == "script.syntax")
        // A dynamic import gives a promise, which is refused, and finds nothing.
        #expect(pool.refusal("return import('/etc/passwd')")?.code == "script.failed")
        #expect(try pool.value("return (0, eval)('typeof ask') + new Function('return typeof tell')()") == "undefinedundefined")
    }

    @Test("a host's answer cannot be forged by a script that spoils its own world")
    func spoiledWorld() throws {
        let host = ListeningHost { call, _ in throw Refusal("access.denied", .accessDenied, "You may not \(call).") }
        let text = """
            JSON.parse = () => ({value: 1});
            Object.prototype.refused = undefined;
            try { env('a').create({}) } catch {}
            return 'done';
            """
        #expect(pool.refusal(text, host: host)?.code == "access.denied")
        #expect(host.calls == ["create"])
    }
}
