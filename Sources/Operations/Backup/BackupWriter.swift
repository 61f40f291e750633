import Crypto
import Foundation
import Glibc
import JSON
import Kernel

/// Writes the file of a backup.
///
/// Shape: the line `BATON-BACKUP-1`, a line of JSON (how the key is made, the size of pieces, the header of the sealed stream), then pieces
/// of the sealed stream, each `piece` bytes long before it was sealed but the last. Inside stand files, each after a line of JSON with its
/// name and size; the first is `manifest.json`. The lines before the pieces are authenticated with every piece.
package final class BackupWriter {
    package static let magic = "BATON-BACKUP-1\n"
    /// Bytes of a piece before it is sealed.
    package static let pieceBytes = 64 << 10

    private let path: String
    private let descriptor: Int32
    private var stream: SealingStream
    private let context: [UInt8]
    private var waiting: [UInt8] = []
    package private(set) var bytes = 0

    /// Begins a new file, which must not be there.
    package init(_ path: String, key: BackupKey) throws {
        self.path = path
        let (secret, members) = try key.fresh()
        stream = try SealingStream(key: secret)
        var head = members
        head["piece"] = JSON(Self.pieceBytes)
        head["stream"] = .string(Hex.encode(stream.header))
        let start = Array((Self.magic + JSON.object(head).text() + "\n").utf8)
        context = SHA256.hash(start).bytes
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { throw Refusal.backupExists(path) }
            throw Refusal.backupUnwritable(path, String(cString: strerror(errno)))
        }
        try put(start)
    }

    deinit { close(descriptor) }

    /// Adds a file from memory.
    package func add(_ name: String, _ content: [UInt8]) throws {
        try addHead(name, content.count)
        try add(content)
    }

    /// Adds a file of the disk, which must keep its size meanwhile.
    package func add(_ name: String, file: String, size: Int) throws {
        try addHead(name, size)
        guard let handle = FileHandle(forReadingAtPath: file) else { throw Refusal.backupUnreadable(file) }
        defer { try? handle.close() }
        var rest = size
        while rest > 0 {
            let block = try handle.read(upToCount: min(rest, 1 << 20)) ?? Data()
            guard !block.isEmpty else { throw Refusal.backupUnreadable(file) }
            rest -= block.count
            try add([UInt8](block))
        }
    }

    /// Ends the file and waits until it is on the disk.
    package func finish() throws {
        try put(stream.seal(waiting, isLast: true, context: context))
        waiting = []
        guard fsync(descriptor) == 0 else { throw Refusal.backupUnwritable(path, String(cString: strerror(errno))) }
    }

    private func addHead(_ name: String, _ size: Int) throws {
        let head: JSON = ["name": .string(name), "size": JSON(size)]
        try add(Array((head.text() + "\n").utf8))
    }

    private func add(_ content: [UInt8]) throws {
        waiting += content
        var at = 0
        // The last piece is sealed as such, so that one always stays back.
        while waiting.count - at > Self.pieceBytes {
            try put(stream.seal(Array(waiting[at..<at + Self.pieceBytes]), isLast: false, context: context))
            at += Self.pieceBytes
        }
        if at > 0 { waiting.removeFirst(at) }
    }

    private func put(_ content: [UInt8]) throws {
        guard Output.write(content, to: descriptor) else { throw Refusal.backupUnwritable(path, String(cString: strerror(errno))) }
        bytes += content.count
    }
}
