import Glibc

/// Cuts a multipart body at its boundaries.
struct MultipartReader {
    private let body: UnsafeRawBufferPointer
    /// CR LF, two hyphens and the boundary.
    private let delimiter: [UInt8]
    private let limits: MIMELimits
    private var index = 0

    init(body: UnsafeRawBufferPointer, boundary: String, limits: MIMELimits) {
        self.body = body
        self.delimiter = Array("\r\n--\(boundary)".utf8)
        self.limits = limits
    }

    mutating func parts() throws(MIMEError) -> [MultipartForm.Part] {
        try skipPreamble()
        var parts: [MultipartForm.Part] = []
        while try !isClosed() {
            guard parts.count < limits.maxParts else { throw .tooManyParts(limits.maxParts) }
            let headers = try headers()
            guard let end = find(delimiter, from: index) else {
                throw .malformed("The body ends before its closing boundary. Send it whole.")
            }
            parts.append(headers.part(bytes: Array(body[index..<end])))
            index = end + delimiter.count
        }
        return parts
    }

    /// The first boundary may open the body or follow a text for readers without MIME.
    private mutating func skipPreamble() throws(MIMEError) {
        if body.starts(with: delimiter.dropFirst(2)) {
            index = delimiter.count - 2
        } else if let place = find(delimiter, from: 0) {
            index = place + delimiter.count
        } else {
            throw .malformed("The body does not hold the boundary that its content type names.")
        }
    }

    /// What follows a boundary: two hyphens after the last part, else the end of the line.
    private mutating func isClosed() throws(MIMEError) -> Bool {
        if has("--") { return true }
        while index < body.count, body[index] == 0x20 || body[index] == 0x09 { index += 1 }
        guard has("\r\n") else { throw .malformed("A boundary must stand alone on its line.") }
        // The line's end is kept, so that a part without headers begins with an empty line all the same.
        return false
    }

    private func has(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard body.count - index >= length else { return false }
        return (0..<length).allSatisfy { body[index + $0] == text.utf8Start[$0] }
    }

    private mutating func headers() throws(MIMEError) -> PartHeaders {
        let first = index
        let window = UnsafeRawBufferPointer(rebasing: body[first..<min(body.count, first + limits.maxHeaderBytes + 4)])
        guard let end = MultipartReader.find(Array("\r\n\r\n".utf8), in: window) else {
            if window.count < limits.maxHeaderBytes + 4 { throw .malformed("A part's headers do not end. Send the body whole.") }
            throw .headersTooLarge(limits.maxHeaderBytes)
        }
        index = first + end + 4
        guard let text = String(validating: body[(first + min(2, end))..<(first + end)], as: UTF8.self) else { throw .encoding }
        return try PartHeaders(text)
    }

    private func find(_ bytes: [UInt8], from start: Int) -> Int? {
        MultipartReader.find(bytes, in: UnsafeRawBufferPointer(rebasing: body[start...])).map { $0 + start }
    }

    /// Every text that is looked for begins with CR and has no other before its third byte, so one pass is enough.
    private static func find(_ bytes: [UInt8], in buffer: UnsafeRawBufferPointer) -> Int? {
        guard let base = buffer.baseAddress else { return nil }
        var index = 0
        while buffer.count - index >= bytes.count, let hit = memchr(base + index, 0x0D, buffer.count - index - bytes.count + 1) {
            if memcmp(hit, bytes, bytes.count) == 0 { return UnsafeRawPointer(hit) - base }
            index = UnsafeRawPointer(hit) - base + 1
        }
        return nil
    }
}
