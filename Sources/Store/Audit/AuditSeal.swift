import Crypto
import Foundation
import Kernel

/// Signs checkpoints of the audit trail, in the database and in a file beside it.
///
/// Shape: the key pair stands in `DIR/keys/audit.key` (mode 0600, hexadecimal) and `DIR/keys/audit.pub`; checkpoints are appended to
/// `DIR/audit/checkpoints.jsonl`, which is meant to be copied to a place that the database's administrator cannot write.
public final class AuditSeal: Sendable {
    /// Entries after which a checkpoint is due.
    public static let entriesPerCheckpoint = 1_000
    /// Seconds after which a checkpoint is due when there are new entries.
    public static let secondsPerCheckpoint = 60

    let key: SigningKey
    private let file: String
    private let waiting = Locked((entries: 0, isSealing: false, timer: false, closed: false))

    /// Loads the key pair of a data folder, or makes it.
    ///
    /// - Throws: `audit.key` when a key file is there but holds no key.
    public init(directory: String, random: some RandomSource = SystemRandomSource()) throws {
        key = try AuditKeys.load(directory, random)
        let folder = directory + "/audit"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        file = folder + "/checkpoints.jsonl"
    }

    /// The public half of the key, for whoever verifies.
    public var verifyingKey: VerifyingKey { key.verifyingKey }

    /// Counts entries that were committed and seals when enough came together or enough time went by.
    func count(_ entries: Int, _ database: Database) {
        let (due, start) = waiting.withLock { waiting in
            waiting.entries += entries
            let due = waiting.entries >= AuditSeal.entriesPerCheckpoint && !waiting.isSealing
            if due { waiting.isSealing = true }
            let start = !waiting.timer
            waiting.timer = true
            return (due, start)
        }
        if due { submit(database) }
        if start { startTimer(database) }
    }

    /// Puts a seal into the writer's queue: whoever was counted waits for nothing.
    private func submit(_ database: Database) {
        let made = Locked<AuditCheckpoint?>(nil)
        let work = WriteWork(
            .rows,
            run: { connection in
                let checkpoint = try self.seal(connection, database.dialect, at: database.clock.now)
                made.withLock { $0 = checkpoint }
            }
        ) { error in
            if error == nil, let checkpoint = made.withLock({ $0 }) { self.append(checkpoint) }
            self.waiting.withLock { $0.isSealing = false }
        }
        database.driver.submit(work)
    }

    private func startTimer(_ database: Database) {
        Task.detached { [weak self, weak database] in
            while true {
                try? await Task.sleep(for: .seconds(AuditSeal.secondsPerCheckpoint))
                guard let self, let database else { return }
                let due = self.waiting.withLock { waiting -> Bool? in
                    if waiting.closed { return nil }
                    guard waiting.entries > 0, !waiting.isSealing else { return false }
                    waiting.isSealing = true
                    return true
                }
                guard let due else { return }
                if due { self.submit(database) }
            }
        }
    }

    /// Writes a checkpoint of the present end of the trail in the transaction of the connection; nil when there is one already.
    func seal(_ connection: any SQLConnection, _ dialect: any SQLDialect, at now: Instant) throws -> AuditCheckpoint? {
        try AuditChain.link(connection, dialect)
        let (seq, hash) = try AuditChain.tail(connection)
        waiting.withLock { $0.entries = 0 }
        let last = try connection.first("SELECT max(seq) FROM baton_audit_checkpoint", [], .integer)?.intValue ?? 0
        guard seq > last else { return nil }
        let signature = key.sign(AuditCheckpoint.message(seq, hash, now)).bytes
        let sql = "INSERT INTO baton_audit_checkpoint (seq, hash, at, signature) VALUES (" + dialect.placeholders(4) + ")"
        try connection.run(sql, [.int(seq), .bytes(hash.bytes), .instant(now), .bytes(signature)])
        return AuditCheckpoint(seq: seq, hash: hash, at: now, signature: signature)
    }

    /// Appends a checkpoint to the file outside the database.
    func append(_ checkpoint: AuditCheckpoint) {
        guard let handle = fopen(file, "a") else { return }
        defer { fclose(handle) }
        fputs(checkpoint.line + "\n", handle)
        fflush(handle)
        fsync(fileno(handle))
    }

    func stop() { waiting.withLock { $0.closed = true } }
}

/// The key pair of a data folder.
enum AuditKeys {
    static func load(_ directory: String, _ random: some RandomSource) throws -> SigningKey {
        let folder = directory + "/keys"
        let path = folder + "/audit.key"
        if let text = try? String(contentsOfFile: path, encoding: .utf8) {
            guard let bytes = Hex.decode(text.trimmingCharacters(in: .whitespacesAndNewlines)), let key = try? SigningKey(bytes: bytes)
            else {
                throw Refusal(
                    "audit.key", .internalFault, "The file keys/audit.key holds no key.",
                    instruction: "Restore it from a backup; without it new checkpoints cannot be compared with old ones.")
            }
            return key
        }
        // A fresh key would make every signature of before worthless.
        if FileManager.default.fileExists(atPath: folder + "/audit.pub") {
            throw Refusal(
                "audit.key", .internalFault, "The file keys/audit.key is missing, although its public half keys/audit.pub is there.",
                instruction: "Bring it back from where the keys are saved; if it is lost for good, move keys/audit.pub away and keep it.")
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let key = SigningKey(random: random)
        let made = FileManager.default.createFile(
            atPath: path, contents: Data((Hex.encode(key.bytes) + "\n").utf8), attributes: [.posixPermissions: 0o600])
        guard made else { throw Refusal("audit.key", .internalFault, "The file keys/audit.key cannot be written.") }
        try Data((Hex.encode(key.verifyingKey.bytes) + "\n").utf8).write(to: URL(fileURLWithPath: folder + "/audit.pub"))
        return key
    }

    /// The public half, for verifying.
    static func publicKey(_ directory: String) -> VerifyingKey? {
        guard let text = try? String(contentsOfFile: directory + "/keys/audit.pub", encoding: .utf8),
            let bytes = Hex.decode(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { return nil }
        return try? VerifyingKey(bytes: bytes)
    }
}

extension Database {
    /// The public half of the key under which the trail is signed, in hexadecimal; nil when it is not signed.
    public var sealKey: String? { seal.map { Hex.encode($0.verifyingKey.bytes) } }

    /// Signs the present end of the audit trail now; at shutdown, and when an auditor asks.
    public func sealNow() throws {
        guard let seal else { return }
        let (dialect, now) = (dialect, clock.now)
        if let checkpoint = try systemBlocking({ try seal.seal($0, dialect, at: now) }) { seal.append(checkpoint) }
    }
}
