import Foundation
import JSON
import Kernel
import Testing

@testable import Scripts

@Suite struct RunningTests {
    let pool = ScriptFixture.pool

    @Test("a script returns a value, or leaves one in action, or nothing")
    func results() throws {
        #expect(try pool.value("return {a: [1, 2.5, 'x', null, true]}") == ["a": [1, 2.5, "x", nil, true]])
        #expect(try pool.value("action = {type: 'ir.actions.act_url'}") == ["type": "ir.actions.act_url"])
        #expect(try pool.value("let a = 1;") == .null)
        #expect(try pool.value("return payload.n + 1", input { $0.payload = ["n": 41] }) == 42)
    }

    @Test("a UserError becomes the caller's sentence, word for word")
    func userError() {
        let refusal = pool.refusal("if (true) {\n  throw new UserError('Name a payer first.');\n}")
        #expect(refusal?.code == "script.user_error")
        #expect(refusal?.kind == .userError)
        #expect(refusal?.message == "Name a payer first.")
        #expect(refusal?.details["line"] == 2)
    }

    @Test("any other exception names the script, the line and the column")
    func place() {
        let refusal = pool.refusal("const a = 1;\nlet b = a.b.c;")
        #expect(refusal?.code == "script.failed")
        #expect(refusal?.message.hasPrefix("The script 'Test script' failed at line 2, column ") == true)
        #expect(refusal?.details["line"] == 2)
        #expect(refusal?.details["column"]?.intValue ?? 0 > 8)
        #expect(pool.refusal("throw 'plain'")?.message == "The script 'Test script' failed: plain")
        let inside = pool.refusal("function deep() {\n  return missing;\n}\n\ndeep();")
        #expect(inside?.details["line"] == 2)
    }

    @Test("a script that cannot be read is refused with its place before it runs")
    func syntax() {
        let refusal = #expect(throws: Refusal.self) { try pool.check(ScriptFixture.source("let a = 1;\nlet b = ;")) }
        #expect(refusal?.code == "script.syntax")
        #expect(refusal?.details["line"] == 2)
        #expect(throws: Never.self) { try pool.check(ScriptFixture.source("return records.map((r) => r.name)")) }
        #expect(pool.refusal("return \u{0}1")?.code == "script.syntax")
        // Closing the function that the text is put into does not let it out of it.
        #expect(pool.refusal("}); (function () {")?.code == "script.syntax")
    }

    @Test("time and chance come from the run and repeat with it")
    func determinism() throws {
        #expect(
            try pool.value("return [Date.now(), new Date().getTime(), +new Date(5), new Date().toISOString()]")
                == [1_772_442_000_000, 1_772_442_000_000, 5, "2026-03-02T09:00:00.000Z"])
        #expect(
            try pool.value("return [new Date() instanceof Date, new Date().constructor === Date, Date.name, typeof Date()]")
                == [true, true, "Date", "string"])
        #expect(try pool.value("return new Intl.DateTimeFormat('en-US', {timeZone: 'UTC'}).format()") == "3/2/2026")
        #expect(try pool.value("return new Date('2026-03-02 09:00:00').toISOString()") == "2026-03-02T09:00:00.000Z")
        let draw = "return [Math.random(), Math.random(), Math.random()]"
        let first = try pool.value(draw, seed: 1)
        #expect(try pool.value(draw, seed: 1) == first)
        #expect(try pool.value(draw, seed: 2) != first)
        #expect(
            try pool.value("let s = 0; for (let i = 0; i < 20000; i++) s += Math.random(); return Math.abs(s / 20000 - 0.5) < 0.01") == true
        )
    }

    @Test("lines are logged as they come, with their level, and not without end")
    func logging() throws {
        let host = ListeningHost()
        _ = try pool.value("log('one'); log({two: 2}, 'warning')", host: host)
        #expect(host.lines == [ScriptLogLine("one"), ScriptLogLine("{\"two\":2}", .warning)])
        #expect(pool.refusal("log('x', 'loud')")?.code == "script.failed")
        #expect(pool.refusal("for (;;) log('again')")?.code == "script.log")
    }

    @Test("half of a surrogate pair neither passes nor breaks the worker")
    func invalidUnicode() throws {
        #expect(pool.refusal("return '\\ud800'")?.code == "script.failed")
        #expect(pool.refusal("throw new UserError('a\\ud800b')")?.message == "a\u{FFFD}b")
        let host = ListeningHost()
        _ = try pool.value("log('\\udc00 x')", host: host)
        #expect(host.lines == [ScriptLogLine("\u{FFFD} x")])
        let refusal = pool.refusal("env('a').count([['name', '=', '\\ud800']])", host: ListeningHost())
        #expect(refusal?.code == "script.bad_call")
        #expect(try pool.value("return '😀 é'.length") == 4)
    }

    @Test("promises are refused and their jobs do not outlive the run")
    func promises() throws {
        #expect(pool.refusal("return Promise.resolve(1)")?.code == "script.failed")
        #expect(pool.refusal("await 1")?.code == "script.syntax")
        let host = ListeningHost()
        _ = try pool.value("Promise.resolve().then(() => log('late')); return 1", host: host)
        #expect(host.lines == [ScriptLogLine("late")])
        #expect(try pool.value("return typeof late") == "undefined")
    }

    private func input(_ change: (inout ScriptInput) -> Void) -> ScriptInput {
        var input = ScriptInput()
        change(&input)
        return input
    }
}
