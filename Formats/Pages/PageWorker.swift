import Foundation

/// The process that reads one hostile document: what `baton page-worker` runs.
///
/// It takes the document from standard input, gives up what it does not need (CPU time, memory, files, network, other
/// programs), and answers on standard output in frames: facts as JSON, then PNGs.
public enum PageWorker {
    /// Runs the worker; the caller ends the process with the result.
    /// - Parameter arguments: The request as JSON, as ``PageService`` writes it, and, if the document does not come on
    ///   standard input, the path to read it from, such as `/dev/fd/3`.
    /// - Returns: 0 when an answer was written, a refusal included; 64 for a wrong call; 70 when confinement failed; 74 when
    ///   reading or writing failed.
    public static func main(arguments: [String]) -> Int32 {
        guard (1...2).contains(arguments.count), let request = WorkerRequest(argument: arguments[0]) else { return 64 }
        let limits = request.limits
        guard let bytes = readDocument(arguments.dropFirst().first, limit: limits.documentBytes) else { return 74 }
        guard Confinement.enter(limits) else { return 70 }
        do throws(DocumentRefusal) {
            return try answer(request, bytes) ? 0 : 74
        } catch {
            return write(.refusal(error)) ? 0 : 74
        }
    }

    private static func answer(_ request: WorkerRequest, _ bytes: [UInt8]) throws(DocumentRefusal) -> Bool {
        if !request.bounds.isEmpty {
            for picture in try PictureReduction(bytes: bytes, limits: request.limits).run(request.bounds) {
                guard write(.picture(picture)) else { return false }
            }
            return write(.end)
        }
        let document = try OpenDocument(bytes, limits: request.limits)
        if request.wantsFacts, !write(.facts(try document.facts())) { return false }
        for page in request.pages where !write(.page(try document.render(page: page, dpi: request.dpi))) { return false }
        if !request.textPages.isEmpty {
            var known: Recogniser?
            for page in request.textPages {
                let text = try document.text(page: page, recipe: request.recipe) { () throws(DocumentRefusal) -> Recogniser in
                    if let known { return known }
                    let fresh = try Recogniser()
                    known = fresh
                    return fresh
                }
                guard write(.text(text)) else { return false }
            }
        }
        return write(.end)
    }

    /// The document, with one byte more than the limit at most, which is enough to refuse it.
    private static func readDocument(_ path: String?, limit: Int) -> [UInt8]? {
        let descriptor = path.map { open($0, O_RDONLY | O_CLOEXEC) } ?? STDIN_FILENO
        guard descriptor >= 0 else { return nil }
        defer { if path != nil { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while bytes.count <= limit {
            let count = read(descriptor, &chunk, min(chunk.count, limit + 1 - bytes.count))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }

    private static func write(_ frame: WorkerFrame) -> Bool {
        let bytes = frame.encoded
        return bytes.withUnsafeBytes { buffer in
            var at = 0
            while at < buffer.count {
                let count = Glibc.write(STDOUT_FILENO, buffer.baseAddress?.advanced(by: at), buffer.count - at)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                at += count
            }
            return true
        }
    }
}
