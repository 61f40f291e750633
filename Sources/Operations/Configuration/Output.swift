import Glibc

/// What commands say: results on standard output, everything else on standard error.
package enum Output {
    /// A line of a result.
    package static func line(_ text: String) { write(Array((text + "\n").utf8)) }

    /// Bytes of a result.
    ///
    /// - Returns: False when nobody reads them any more.
    @discardableResult package static func write(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var at = 0
            while at < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress?.advanced(by: at), buffer.count - at)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                at += count
            }
            return true
        }
    }

    /// What went wrong and what to do.
    package static func complain(_ sentence: String) { write(Array("baton: \(sentence)\n".utf8), to: STDERR_FILENO) }

    /// Tells a person at a terminal how far long work has come; elsewhere it says nothing.
    package static func progress(_ text: String) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        write(Array("\r\u{1B}[K\(text)".utf8), to: STDERR_FILENO)
    }

    /// Wipes the progress line.
    package static func endProgress() { progress("") }
}

extension String {
    package func padded(to width: Int) -> String { count >= width ? self : self + String(repeating: " ", count: width - count) }
}
