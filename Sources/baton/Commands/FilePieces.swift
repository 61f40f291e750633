import Glibc
import Operations

/// A file, or the standard input, in pieces that fit in memory.
struct FilePieces: ~Copyable {
    /// Bytes of one piece.
    static let pieceBytes = 32 << 20

    /// Why a file cannot be read.
    struct Failure: Error {
        let reason: String
    }

    private let descriptor: Int32
    private let isOwn: Bool
    /// Whether the last piece was given.
    private(set) var isAtEnd = false

    init(_ path: String) throws(Failure) {
        isOwn = path != "-"
        descriptor = isOwn ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO
        guard descriptor >= 0 else { throw Failure(reason: String(cString: strerror(errno))) }
    }

    deinit { if isOwn && descriptor >= 0 { close(descriptor) } }

    /// The next piece, full unless it is the last one; empty at the end.
    mutating func next() throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while bytes.count < FilePieces.pieceBytes {
            let count = read(descriptor, &chunk, min(chunk.count, FilePieces.pieceBytes - bytes.count))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw Failure(reason: String(cString: strerror(errno))) }
            if count == 0 {
                isAtEnd = true
                break
            }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }
}
