import Foundation

/// The worker's end of the socket to the server: blocking, because a worker does one thing at a time.
struct WorkerChannel {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Sends a frame; false when the server is gone.
    func send(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var at = 0
            while at < buffer.count {
                let count = Glibc.send(descriptor, buffer.baseAddress?.advanced(by: at), buffer.count - at, Int32(MSG_NOSIGNAL))
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                at += count
            }
            return true
        }
    }

    /// The next frame; nil when the server is gone.
    func receive() -> (kind: ScriptFrame.Kind, content: [UInt8])? {
        guard let bytes = read(ScriptFrame.headBytes), let head = ScriptFrame.head(bytes), let content = read(head.length) else {
            return nil
        }
        return (head.kind, content)
    }

    private func read(_ count: Int) -> [UInt8]? {
        var isWhole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = recv(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, 0)
                if got < 0 && errno == EINTR { continue }
                guard got > 0 else {
                    isWhole = false
                    return
                }
                filled += got
            }
        }
        return isWhole ? bytes : nil
    }
}
