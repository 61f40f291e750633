import Glibc

/// Starts a detached thread of our own.
///
/// - Parameter stackBytes: The stack; 2 MiB suffices for a deep parser.
/// - Throws: `http.no_thread` when the system refuses another thread.
package func startThread(stackBytes: Int = 2 << 20, _ body: @escaping @Sendable () -> Void) throws(HTTPServerError) {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackBytes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let box = Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let status = pthread_create(
        &thread, &attributes,
        { raw in
            if let raw { Unmanaged<Box>.fromOpaque(raw).takeRetainedValue().body() }
            return nil
        }, box.toOpaque())
    guard status == 0 else {
        box.release()
        throw HTTPServerError.noThread(status)
    }
}
