import Crypto
import Foundation
import Glibc
import Kernel

/// The file with the keys to a database's secrets: `DIR/keys/secrets.key` unless told otherwise; nobody but its owner may read it.
package struct SecretFile: Sendable {
    package let path: String

    /// The keys; made when there is no file yet.
    ///
    /// - Throws: `secrets.open_file`, `secrets.bad_file`, `data.folder`.
    package func load() throws -> KeyRing {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let fresh = KeyRing()
            try save(fresh)
            return fresh
        }
        guard status.st_mode & 0o077 == 0 else {
            throw Refusal(
                "secrets.open_file", .unavailable, "The file of keys \(path) can be read by others.", instruction: "Run: chmod 600 \(path)")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), let ring = KeyRing(text) else {
            throw Refusal(
                "secrets.bad_file", .unavailable, "The file \(path) holds no keys.", instruction: "Bring it back from where it was saved.")
        }
        return ring
    }

    /// Puts the keys into the file, whole or not at all.
    package func save(_ ring: KeyRing) throws {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable }
        let bytes = Array(ring.text.utf8)
        let isWritten = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) == bytes.count } && fsync(descriptor) == 0
        Glibc.close(descriptor)
        guard isWritten, rename(draft, path) == 0 else {
            unlink(draft)
            throw unwritable
        }
        let folder = Glibc.open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            Glibc.close(folder)
        }
    }

    private var unwritable: Refusal {
        Refusal("data.folder", .unavailable, "The file \(path) cannot be written.", instruction: "Check who may write there.")
    }
}
