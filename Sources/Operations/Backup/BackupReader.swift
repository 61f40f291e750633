import Crypto
import Foundation
import JSON
import Kernel

/// Reads the file of a backup from its beginning to its end, checking each piece.
package final class BackupReader {
    /// The longest line of JSON.
    package static let lineLimit = 4_096
    /// The largest piece that a head may name.
    package static let pieceLimit = 16 << 20

    private let path: String
    private let handle: FileHandle
    private var stream: OpeningStream
    private let context: [UInt8]
    private let sealedBytes: Int
    private var position: Int
    private var piece = 0
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    /// Opens a file; a wrong key shows at the first piece.
    package init(_ path: String, key: BackupKey) throws {
        self.path = path
        guard let handle = FileHandle(forReadingAtPath: path) else { throw Refusal.backupUnreadable(path) }
        self.handle = handle
        let head = [UInt8](try handle.read(upToCount: BackupWriter.magic.utf8.count + Self.lineLimit) ?? Data())
        let magic = Array(BackupWriter.magic.utf8)
        guard head.starts(with: magic), let end = head.dropFirst(magic.count).firstIndex(of: 0x0A),
            let line = try? JSON.parse(Array(head[magic.count..<end]))
        else { throw Refusal.backupNotOne(path, "it does not begin as one") }
        guard let size = line["piece"]?.intValue, (1...Self.pieceLimit).contains(size),
            let header = line["stream"]?.stringValue.flatMap(Hex.decode), header.count == OpeningStream.headerBytes
        else { throw Refusal.backupNotOne(path, "its head cannot be read") }
        stream = try OpeningStream(key: try key.known(line, path), header: header)
        context = SHA256.hash(Array(head[...end])).bytes
        sealedBytes = size + SealingStream.overhead
        position = end + 1
        try handle.seek(toOffset: UInt64(position))
    }

    deinit { try? handle.close() }

    /// The name and size of the next file; nil at the end.
    package func nextFile() throws -> (name: String, size: Int)? {
        var line: [UInt8] = []
        while true {
            if start == buffer.count, try !fill() {
                guard line.isEmpty else { throw Refusal.backupNotOne(path, "it ends within a line") }
                return nil
            }
            let byte = buffer[start]
            start += 1
            if byte == 0x0A { break }
            line.append(byte)
            guard line.count <= Self.lineLimit else { throw Refusal.backupNotOne(path, "a line is too long") }
        }
        guard let head = try? JSON.parse(line), let name = head["name"]?.stringValue, let size = head["size"]?.intValue, size >= 0,
            BackupManifest.isName(name)
        else { throw Refusal.backupNotOne(path, "a file in it has no name") }
        return (name, size)
    }

    /// Hands the next bytes of the present file over, piece by piece.
    package func read(_ size: Int, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
        var rest = size
        while rest > 0 {
            if start == buffer.count, try !fill() { throw Refusal.backupNotOne(path, "a file in it is too short") }
            let count = min(rest, buffer.count - start)
            try body(buffer[start..<start + count])
            start += count
            rest -= count
        }
    }

    /// Opens the next piece; false after the last.
    private func fill() throws -> Bool {
        while !isAtEnd {
            let sealed = [UInt8](try handle.read(upToCount: sealedBytes) ?? Data())
            guard !sealed.isEmpty else { throw Refusal.backupCut(path, byte: position) }
            piece += 1
            let opened: (piece: [UInt8], isLast: Bool)
            do { opened = try stream.open(sealed, context: context) } catch {
                throw sealed.count < sealedBytes && sealed.count < SealingStream.overhead
                    ? Refusal.backupCut(path, byte: position + sealed.count)
                    : Refusal.backupDamaged(path, chunk: piece, byte: position, count: sealed.count)
            }
            position += sealed.count
            isAtEnd = opened.isLast
            if isAtEnd, let more = try handle.read(upToCount: 1), !more.isEmpty {
                throw Refusal.backupNotOne(path, "something follows its end, from byte \(position) on")
            }
            (buffer, start) = (opened.piece, 0)
            if !buffer.isEmpty { return true }
        }
        return false
    }
}
