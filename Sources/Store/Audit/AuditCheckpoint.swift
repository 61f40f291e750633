import Crypto
import JSON
import Kernel

/// A signed statement: at this moment the audit trail ended with this entry and this hash.
public struct AuditCheckpoint: Sendable, Hashable {
    /// The number of the last entry.
    public let seq: Int
    /// The hash of the last entry.
    public let hash: Digest
    /// When it was signed.
    public let at: Instant
    /// Over the bytes of ``message``.
    public let signature: [UInt8]

    /// The text that is signed: a heading, the number, the hash in hexadecimal digits and the moment, each on its line.
    static func message(_ seq: Int, _ hash: Digest, _ at: Instant) -> [UInt8] {
        Array("baton-checkpoint-1\n\(seq)\n\(hash.hex)\n\(at)\n".utf8)
    }

    /// Whether the signature is the key's.
    func isSigned(by key: VerifyingKey) -> Bool {
        guard let signature = try? Signature(bytes: signature) else { return false }
        return key.verify(signature, of: AuditCheckpoint.message(seq, hash, at))
    }

    /// One line of the checkpoint file.
    var line: String {
        let members: JSONObject = [
            "seq": JSON(seq), "hash": .string(hash.hex), "at": .string(at.description), "signature": .string(Hex.encode(signature)),
        ]
        return JSON.object(members).text()
    }

    init(seq: Int, hash: Digest, at: Instant, signature: [UInt8]) {
        self.seq = seq
        self.hash = hash
        self.at = at
        self.signature = signature
    }

    /// Reads a line of the checkpoint file; nil when it is none.
    init?(line: Substring) {
        guard let json = try? JSON.parse(String(line)), let seq = json["seq"]?.intValue,
            let hash = json["hash"]?.stringValue.flatMap(Digest.init(hex:)), let at = json["at"]?.stringValue.flatMap({ Instant($0) }),
            let signature = json["signature"]?.stringValue.flatMap(Hex.decode)
        else { return nil }
        self.init(seq: seq, hash: hash, at: at, signature: signature)
    }
}
