import CJavaScript
import Foundation

/// The world of one run: a global object with fresh intrinsics, and the prelude that offers records and the rest.
final class ScriptContext {
    /// The frame for what should not happen: a script that was never sent, a prelude that does not load.
    static let lost = ScriptFrame.encode(.failed, Array(#"{"kind":"lost","message":"The worker lost the script."}"#.utf8))

    let reference: JSGlobalContextRef
    /// What the prelude gave: `begin`, `finish`, `describe`.
    private let begin: JSObjectRef
    private let finish: JSObjectRef
    private let describe: JSObjectRef

    init?(_ group: JSContextGroupRef, _ prelude: JSText, _ address: JSText) {
        guard let context = JSGlobalContextCreateInGroup(group, nil) else { return nil }
        var problem: JSValueRef?
        let made = prelude.evaluate(in: context, address: address, &problem)
        // The collector looks at the stack, not into Swift's arrays: what is in one only has to be protected.
        let doors = [JSObjectMakeFunctionWithCallback(context, nil, askHost), JSObjectMakeFunctionWithCallback(context, nil, tellHost)]
        for held in doors + [made] where held != nil { JSValueProtect(context, held) }
        defer { for held in doors + [made] where held != nil { JSValueUnprotect(context, held) } }
        guard let made, let parts = JSObjectCallAsFunction(context, made, nil, doors.count, doors, &problem),
            let begin = JSObjectGetPropertyAtIndex(context, parts, 0, nil), let finish = JSObjectGetPropertyAtIndex(context, parts, 1, nil),
            let describe = JSObjectGetPropertyAtIndex(context, parts, 2, nil)
        else {
            JSGlobalContextRelease(context)
            return nil
        }
        reference = context
        // Out of the script's reach: only this object and the collector's view of the stack know them.
        self.begin = begin
        self.finish = finish
        self.describe = describe
        for part in [begin, finish, describe] { JSValueProtect(context, part) }
    }

    deinit {
        for part in [begin, finish, describe] { JSValueUnprotect(reference, part) }
        JSGlobalContextRelease(reference)
    }

    /// Lets the engine load what it loads on first use.
    func warmUp() {
        let text = JSText(
            """
            new Intl.DateTimeFormat("en-US", {timeZone: "America/Chicago", dateStyle: "full"}).format(new Date(0));
            new Intl.NumberFormat("de-DE").format(1.5); "ä".localeCompare("b"); "é".normalize("NFD"); /\\p{L}+/u.test("ü"); new Date().toString();
            """)
        var problem: JSValueRef?
        _ = text.evaluate(in: reference, address: nil, &problem)
    }

    /// Runs a compiled script on an input.
    func run(_ script: JSObjectRef, input: JSText) -> [UInt8] {
        var problem: JSValueRef?
        let given: [JSValueRef?] = [input.value(in: reference)]
        guard let list = JSObjectCallAsFunction(reference, begin, nil, 1, given, &problem) else { return failure(problem) }
        let arguments: [JSValueRef?] = (0..<8).map { JSObjectGetPropertyAtIndex(reference, list, $0, nil) }
        guard let result = JSObjectCallAsFunction(reference, script, nil, arguments.count, arguments, &problem) else {
            return failure(problem)
        }
        let ended: [JSValueRef?] = [result]
        guard let answer = JSObjectCallAsFunction(reference, finish, nil, 1, ended, &problem), let text = bytes(of: answer) else {
            return failure(problem)
        }
        return ScriptFrame.encode(.done, text)
    }

    /// The frame for an exception.
    func failure(_ exception: JSValueRef?, isSyntax: Bool = false) -> [UInt8] {
        let given: [JSValueRef?] = [exception ?? JSValueMakeUndefined(reference), JSValueMakeBoolean(reference, isSyntax)]
        guard let answer = JSObjectCallAsFunction(reference, describe, nil, given.count, given, nil), let text = bytes(of: answer) else {
            return ScriptFrame.encode(.failed, Array(#"{"kind":"error","message":"The script failed and its error cannot be read."}"#.utf8))
        }
        return ScriptFrame.encode(.failed, text)
    }

    private func bytes(of value: JSValueRef) -> [UInt8]? { textBytes(reference, value) }
}

/// The UTF-8 of a value's text; nil when it has none.
private func textBytes(_ context: JSContextRef?, _ value: JSValueRef?) -> [UInt8]? {
    guard let value, let text = JSValueToStringCopy(context, value, nil) else { return nil }
    defer { JSStringRelease(text) }
    let room = JSStringGetMaximumUTF8CStringSize(text)
    let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
        buffer.withMemoryRebound(to: CChar.self) { filled = max(0, JSStringGetUTF8CString(text, $0.baseAddress, room) - 1) }
    }
    return bytes
}

// At file scope, so that no actor's isolation sticks to the C callbacks.

/// `ask(text)`: sends a call and gives the answer's text.
private func askHost(
    _ context: JSContextRef?, _ function: JSObjectRef?, _ this: JSObjectRef?, _ count: Int, _ arguments: UnsafePointer<JSValueRef?>?,
    _ exception: UnsafeMutablePointer<JSValueRef?>?
) -> JSValueRef? {
    let channel = WorkerChannel(STDIN_FILENO)
    guard count == 1, let text = textBytes(context, arguments?[0]) else { return JSValueMakeUndefined(context) }
    // Without a server nobody needs this process.
    guard channel.send(ScriptFrame.encode(.call, text)), let answer = channel.receive(), answer.kind == .answer else { exit(0) }
    let given = String(decoding: answer.content, as: UTF8.self)
    return JSText(given).value(in: context)
}

/// `tell(text)`: sends a line of the log.
private func tellHost(
    _ context: JSContextRef?, _ function: JSObjectRef?, _ this: JSObjectRef?, _ count: Int, _ arguments: UnsafePointer<JSValueRef?>?,
    _ exception: UnsafeMutablePointer<JSValueRef?>?
) -> JSValueRef? {
    if count == 1, let text = textBytes(context, arguments?[0]), !WorkerChannel(STDIN_FILENO).send(ScriptFrame.encode(.log, text)) {
        exit(0)
    }
    return JSValueMakeUndefined(context)
}
