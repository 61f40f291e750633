import Foundation
import JSON
import Kernel
import Testing

@testable import Scripts

@Suite struct LimitTests {
    private func strict() -> ScriptPool {
        ScriptFixture.pool {
            $0.cpuSeconds = 0.3
            $0.wallSeconds = 3
            $0.memoryBytes = 64 << 20
            $0.outputBytes = 1 << 20
            $0.calls = 100
        }
    }

    @Test(
        "a script that passes a limit is stopped and named, and the next one runs",
        arguments: [
            ("for (;;) {}", "script.cpu"),
            ("const regular = /^(a+)+$/; regular.test('a'.repeat(40) + 'b')", "script.cpu"),
            ("try { for (;;) {} } catch { for (;;) {} } finally { for (;;) {} }", "script.cpu"),
            ("const all = []; for (;;) all.push(new Array(1000).fill(7))", "script.memory"),
            ("let s = 'x'; for (;;) { s = (s + s).split('').reverse().join('') }", "script.memory"),
            ("const all = {}; for (let i = 0;; i++) all['k' + i] = {['p' + i]: i}", "script.memory"),
            ("return 'x'.repeat(2 << 20)", "script.output"),
            ("log('x'); env('a'.repeat(2 << 20)).count()", "script.output"),
            ("for (;;) try { env('a').count() } catch {}", "script.calls"),
        ])
    func limits(_ text: String, _ code: String) throws {
        let pool = strict()
        let refusal = pool.refusal(text)
        // An engine that is out of memory may notice itself, be too slow for its time, or die before anybody has looked at it.
        let also: Set<String> = code == "script.memory" ? ["script.memory", "script.failed", "script.cpu", "script.crashed"] : [code]
        #expect(also.contains(refusal?.code ?? ""), "\(String(describing: refusal))")
        #expect(refusal?.details["script"] == "Test script")
        #expect(try pool.value("return 1 + 1") == 2)
    }

    @Test("a script that waits for nothing but time is stopped by the clock")
    func wallClock() throws {
        let pool = ScriptFixture.pool {
            $0.cpuSeconds = 60
            $0.wallSeconds = 0.3
        }
        let start = ContinuousClock.now
        #expect(pool.refusal("for (;;) {}")?.code == "script.time")
        #expect(start.duration(to: .now) < .seconds(3))
        // The host's own time is not the script's.
        let slow = ListeningHost { _, _ in
            usleep(500_000)
            return 3
        }
        #expect(try pool.value("return env('a').count()", host: slow) == 3)
    }

    @Test("a memory bomb cannot take more than the machine gave, even when nobody looks")
    func dataLimit() throws {
        // Looking is switched off by a limit that is never reached; what remains is the limit inside the worker.
        let pool = ScriptFixture.pool {
            $0.cpuSeconds = 20
            $0.wallSeconds = 20
            $0.memoryBytes = 64 << 20
        }
        let refusal = pool.refusal("const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1))")
        #expect(["script.memory", "script.failed"].contains(refusal?.code ?? ""))
    }

    @Test("recursion without end is an error with its place, and the worker lives on")
    func recursion() throws {
        let pool = ScriptFixture.pool
        let refusal = pool.refusal("function again() {\n  return again() + 1;\n}\nagain();")
        #expect(refusal?.code == "script.failed")
        #expect(refusal?.message.contains("RangeError") == true)
        #expect(refusal?.details["line"] == 2)
        let nested = pool.refusal("let a = []; for (let i = 0; i < 2000; i++) a = [a]; return a")
        #expect(nested?.code == "script.failed")
        #expect(try pool.value("return 2") == 2)
    }

    @Test("a text that is too long is refused before it is sent")
    func sourceSize() {
        #expect(ScriptFixture.pool.refusal("//" + String(repeating: "x", count: 256 << 10))?.code == "script.too_large")
    }

    @Test("two hundred scripts at a time all get their own answer")
    func crowd() async throws {
        let pool = ScriptFixture.pool
        let answers = await withTaskGroup(of: (Int, JSON?).self) { group in
            for number in 0..<200 {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        Thread.detachNewThread {
                            var input = ScriptInput()
                            input.payload = JSON(number)
                            let value = try? pool.value("let s = 0; for (let i = 0; i < 1000; i++) s += payload; return s", input)
                            continuation.resume(returning: (number, value))
                        }
                    }
                }
            }
            var all: [Int: JSON] = [:]
            for await (number, value) in group { all[number] = value }
            return all
        }
        #expect(answers.count == 200)
        for (number, value) in answers { #expect(value == JSON(number * 1000)) }
    }

    @Test("scripts that set off each other end at a limit, and none waits for the one above it")
    func nesting() throws {
        let pool = ScriptFixture.pool {
            $0.workers = 1
            $0.nesting = 4
        }
        var deepest = 0
        func host(_ depth: Int) -> ListeningHost {
            ListeningHost { _, _ in
                deepest = max(deepest, depth)
                return try pool.value("return env('a').call('next')", host: host(depth + 1))
            }
        }
        let refusal = pool.refusal("return env('a').call('next')", host: host(1))
        #expect(refusal?.code == "script.nesting")
        #expect(deepest == 4)
        #expect(try pool.value("return 5") == 5)
    }

    @Test("a script that waits too long for a worker is told so")
    func busy() throws {
        let pool = ScriptFixture.pool {
            $0.workers = 1
            $0.waitSeconds = 0.2
        }
        let code = Locked<String?>(nil)
        let host = ListeningHost { _, _ in
            let done = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                let refusal = pool.refusal("return 1")
                code.withLock { $0 = refusal?.code }
                done.signal()
            }
            done.wait()
            return 1
        }
        _ = try pool.value("return env('a').count()", host: host)
        #expect(code.withLock { $0 } == "script.busy")
    }

    @Test("a worker that is killed in the middle of a call fails its own script only")
    func killed() throws {
        let pool = ScriptFixture.pool { $0.workers = 2 }
        let host = ListeningHost { _, _ in
            for process in ScriptFixture.children() { kill(process, SIGKILL) }
            return 1
        }
        #expect(pool.refusal("return env('a').count() + env('a').count()", host: host)?.code == "script.crashed")
        #expect(try pool.value("return 3") == 3)
    }

    @Test("without a program for the worker, scripts are refused with the remedy")
    func missing() {
        let pool = ScriptPool(executable: "/nonexistent/baton")
        #expect(pool.refusal("return 1")?.code == "script.no_engine")
        pool.stop()
        #expect(pool.refusal("return 1")?.code == "script.stopped")
    }
}

extension ScriptFixture {
    /// The script workers that this process has started.
    static func children() -> [pid_t] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { pid_t($0) }.filter { process in
            guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return false }
            return status.contains("Name:\tScriptWorkerPro") && status.contains("PPid:\t\(getpid())\n")
        }
    }
}
