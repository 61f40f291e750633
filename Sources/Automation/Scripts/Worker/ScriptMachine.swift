import CJavaScript
import Foundation

/// JavaScriptCore in a worker: keeps the texts, and gives each run a context of its own.
///
/// All contexts share one heap and its cache of compiled code, so that a text is compiled once; objects, prototypes and globals
/// are never shared.
final class ScriptMachine {
    /// The parameters of a script, in the order in which the prelude gives them.
    private static let parameters = ["env", "model", "records", "record", "payload", "log", "UserError", "Command"]

    private let group: JSContextGroupRef
    private let prelude: JSText
    private let address = JSText("script")
    private let preludeAddress = JSText("prelude")
    private let name = JSText("script")
    private let names: [JSText]
    private var texts: [UInt64: JSText] = [:]
    private var next: ScriptContext?

    init?() {
        guard let group = JSContextGroupCreate() else { return nil }
        self.group = group
        prelude = JSText(ScriptPrelude.text)
        names = ScriptMachine.parameters.map { JSText($0) }
        prepare()
        guard let first = next else { return nil }
        // What is loaded late is loaded before the walls stand.
        first.warmUp()
        next = nil
        prepare()
        if next == nil { return nil }
    }

    /// Keeps a script's text under a number.
    func keep(_ text: String, as number: UInt64) { texts[number] = JSText(text) }

    /// Makes the context of the next run.
    func prepare() { if next == nil { next = ScriptContext(group, prelude, preludeAddress) } }

    /// Runs a script; the frame that ends the run.
    func run(_ number: UInt64, input: String) -> [UInt8] {
        with(number) { context, function in
            context.run(function, input: JSText(input))
        }
    }

    /// Compiles a script; the frame that says whether it could be.
    func check(_ number: UInt64) -> [UInt8] {
        with(number) { _, _ in ScriptFrame.encode(.done, Array("null".utf8)) }
    }

    private func with(_ number: UInt64, _ body: (ScriptContext, JSObjectRef) -> [UInt8]) -> [UInt8] {
        prepare()
        guard let context = next, let text = texts[number] else { return ScriptContext.lost }
        next = nil
        var problem: JSValueRef?
        var names = names.map { Optional($0.reference) }
        let function = withExtendedLifetime(text) {
            JSObjectMakeFunction(
                context.reference, name.reference, UInt32(names.count), &names, text.reference, address.reference, 1, &problem)
        }
        guard let function else { return context.failure(problem, isSyntax: true) }
        return body(context, function)
    }
}

/// A text in JavaScriptCore's form.
final class JSText {
    let reference: JSStringRef

    init(_ text: String) { reference = text.withCString { JSStringCreateWithUTF8CString($0) } }

    deinit { JSStringRelease(reference) }

    /// The text as a value; a method, so that the text lives until the value is made.
    func value(in context: JSContextRef?) -> JSValueRef? { JSValueMakeString(context, reference) }

    /// What the text gives as a program.
    func evaluate(in context: JSContextRef?, address: JSText?, _ problem: inout JSValueRef?) -> JSValueRef? {
        JSEvaluateScript(context, reference, nil, address?.reference, 1, &problem)
    }
}
