import Foundation

/// A secret that stands in a file of its own, as systemd's credentials and Kubernetes' secrets do.
package enum SecretText {
    /// The most bytes of such a file.
    package static let limit = 64 << 10

    /// The file's text without the line breaks at its end.
    ///
    /// - Parameter name: What named the file, for the sentence; the text itself is never shown.
    package static func read(_ path: String, for name: String) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw UsageMistake("The file \(path) that \(name) names cannot be read. Check that it is there and who may read it.")
        }
        defer { try? handle.close() }
        let data = (try? handle.read(upToCount: limit + 1)) ?? Data()
        guard data.count <= limit, var text = String(data: data, encoding: .utf8) else {
            throw UsageMistake("The file \(path) that \(name) names is no text of at most \(limit) bytes.")
        }
        while text.hasSuffix("\n") || text.hasSuffix("\r") || text.hasSuffix("\r\n") { text.removeLast() }
        guard !text.isEmpty else { throw UsageMistake("The file \(path) that \(name) names is empty.") }
        return text
    }
}
