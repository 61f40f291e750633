import Crypto
import Foundation
import Glibc
import JSON
import Kernel

/// Under what a backup is sealed: a key file, or a passphrase from which Argon2id makes the key.
package enum BackupKey: Sendable {
    case file([UInt8])
    case passphrase(String)

    /// The fewest characters of a passphrase.
    package static let shortest = 15
    /// What one passphrase costs to try: 3 passes over 256 MiB.
    package static let cost = PasswordHash.Cost(passes: 3, memoryBytes: 256 << 20)
    /// The most that a file's header may ask for, so that a forged one cannot exhaust the machine.
    package static let mostPasses = 10, mostMemory = 1 << 30

    /// What the settings say.
    package init(_ arguments: Arguments) throws {
        switch (arguments.text("backup-key"), arguments.text("backup-passphrase")) {
        case (nil, nil): throw Refusal.backupNoKey()
        case (.some, .some): throw Refusal.backupTwoKeys()
        case (let path?, nil): self = .file(try Self.read(path))
        case (nil, let text?):
            guard text.count >= Self.shortest else { throw Refusal.backupWeakPassphrase(Self.shortest) }
            self = .passphrase(text)
        }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0 else { throw Refusal.backupBadKey(path, "is not there") }
        guard status.st_mode & 0o077 == 0 else { throw Refusal.backupBadKey(path, "can be read by others") }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let bytes = Hex.decode(text.trimmingCharacters(in: .whitespacesAndNewlines)), bytes.count == SealingStream.keyBytes
        else { throw Refusal.backupBadKey(path, "holds no key of \(SealingStream.keyBytes) bytes in hexadecimal digits") }
        return bytes
    }

    /// Makes a key file for nobody but its owner; never over another.
    package static func make(_ path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { throw Refusal.backupExists(path) }
            throw Refusal.backupUnwritable(path, String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        let text = Array((Hex.encode(SystemRandomSource().bytes(SealingStream.keyBytes)) + "\n").utf8)
        guard write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
            throw Refusal.backupUnwritable(path, String(cString: strerror(errno)))
        }
    }

    /// The key and what the file's header says of it, for a new backup.
    package func fresh() throws -> (key: [UInt8], members: JSONObject) {
        switch self {
        case .file(let key): return (key, ["key": "file"])
        case .passphrase(let text):
            let salt = SystemRandomSource().bytes(PasswordHash.saltBytes)
            let key = try PasswordHash.key(from: text, salt: salt, cost: Self.cost)
            return (
                key,
                [
                    "key": "argon2id", "salt": .string(Hex.encode(salt)), "passes": JSON(Self.cost.passes),
                    "memory": JSON(Self.cost.memoryBytes),
                ]
            )
        }
    }

    /// The key of a backup by its header.
    package func known(_ header: JSON, _ path: String) throws -> [UInt8] {
        switch (self, header["key"]?.stringValue) {
        case (.file(let key), "file"): return key
        case (.passphrase(let text), "argon2id"):
            guard let salt = header["salt"]?.stringValue.flatMap(Hex.decode), let passes = header["passes"]?.intValue,
                let memory = header["memory"]?.intValue, (1...Self.mostPasses).contains(passes), (8_192...Self.mostMemory).contains(memory)
            else { throw Refusal.backupNotOne(path, "its head asks for what cannot be") }
            return try PasswordHash.key(from: text, salt: salt, cost: PasswordHash.Cost(passes: passes, memoryBytes: memory))
        case (.passphrase, "file"): throw Refusal.backupWrongKind(path, "key file")
        case (.file, "argon2id"): throw Refusal.backupWrongKind(path, "passphrase")
        default: throw Refusal.backupNotOne(path, "its head names no key")
        }
    }
}
