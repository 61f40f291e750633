import CSQLite
import Kernel

/// SQL functions of ours: patterns match as they do in memory.
enum SQLiteFunctions {
    static func register(on handle: OpaquePointer) {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY
        sqlite3_create_function_v2(handle, "baton_like", 2, flags, nil, likeExactly, nil, nil, nil)
        sqlite3_create_function_v2(handle, "baton_ilike", 2, flags, nil, likeLoosely, nil, nil, nil)
    }
}

private typealias Arguments = UnsafeMutablePointer<OpaquePointer?>?

// At file scope, so that no actor's isolation sticks to the C callbacks.
private func likeExactly(_ context: OpaquePointer?, _ count: Int32, _ arguments: Arguments) {
    answer(context, arguments, ignoringCase: false)
}

private func likeLoosely(_ context: OpaquePointer?, _ count: Int32, _ arguments: Arguments) {
    answer(context, arguments, ignoringCase: true)
}

private func answer(_ context: OpaquePointer?, _ arguments: Arguments, ignoringCase: Bool) {
    guard let arguments, let start = sqlite3_value_text(arguments[0]) else { return sqlite3_result_null(context) }
    let count = Int(sqlite3_value_bytes(arguments[0]))
    guard let pattern = pattern(context, arguments[1], ignoringCase) else { return sqlite3_result_int(context, 0) }
    sqlite3_result_int(context, pattern.matches(utf8: UnsafeBufferPointer(start: start, count: count)) ? 1 : 0)
}

/// The pattern, read once per statement: SQLite keeps it beside the argument for as long as that does not change.
private func pattern(_ context: OpaquePointer?, _ argument: OpaquePointer?, _ ignoringCase: Bool) -> LikePattern.Compiled? {
    if let known = sqlite3_get_auxdata(context, 1) { return Unmanaged<PatternBox>.fromOpaque(known).takeUnretainedValue().pattern }
    guard let start = sqlite3_value_text(argument) else { return nil }
    let text = String(decoding: UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(argument))), as: UTF8.self)
    let box = PatternBox(LikePattern.Compiled(text, ignoringCase: ignoringCase))
    sqlite3_set_auxdata(context, 1, Unmanaged.passRetained(box).toOpaque(), releasePattern)
    return box.pattern
}

private func releasePattern(_ raw: UnsafeMutableRawPointer?) {
    if let raw { Unmanaged<PatternBox>.fromOpaque(raw).release() }
}

private final class PatternBox {
    let pattern: LikePattern.Compiled
    init(_ pattern: LikePattern.Compiled) { self.pattern = pattern }
}
