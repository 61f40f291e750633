import CPoppler

/// Hears what poppler says about a document.
///
/// Poppler leaves out what it cannot read, draws the rest and reports success; it tells of it in GLib's log only. The text
/// may hold content of the document, so that only whether there was an error leaves this type.
final class ComplaintLog {
    fileprivate var hasError = false
    private var handler: guint = 0

    init() {
        handler = g_log_set_handler("Poppler", G_LOG_LEVEL_INFO, hear, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { g_log_remove_handler("Poppler", handler) }

    /// Whether an error was told since the last time; warnings do not count.
    func heardError() -> Bool {
        defer { hasError = false }
        return hasError
    }
}

private func hear(
    _ domain: UnsafePointer<CChar>?, _ level: GLogLevelFlags, _ message: UnsafePointer<CChar>?, _ log: UnsafeMutableRawPointer?
) {
    guard let message, let log else { return }
    // “Syntax error at position 478: …”, “Syntax warning: …”, “Internal error: …”.
    guard String(cString: message).prefix(24).contains(" error") else { return }
    Unmanaged<ComplaintLog>.fromOpaque(log).takeUnretainedValue().hasError = true
}
