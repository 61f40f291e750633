import MIME

/// Reads any bytes as a multipart body (its first line names the boundary), a form, a content type and a file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let line = bytes.prefix { $0 != 0x0A }
    let header = String(decoding: line, as: UTF8.self)
    if let form = try? MultipartForm(parsing: Array(bytes.dropFirst(line.count + 1)), contentType: header) {
        for part in form.parts { check(part.filename) }
    }
    if let form = try? URLEncodedForm(parsing: bytes) {
        guard let again = try? URLEncodedForm(parsing: form.serialized()), again == form else { fatalError("a form reads back otherwise") }
    }
    _ = ContentType(header)
    check(FileName.sanitised(header))
    _ = FileKind.detect(bytes)
    return 0
}

func check(_ filename: String?) {
    guard let filename else { return }
    let isSafe = !filename.isEmpty && filename.utf8.count <= FileName.maxBytes && !filename.hasPrefix(".")
    guard isSafe, filename.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0 != "/" && $0 != "\\" }) else { fatalError("an unsafe name") }
    guard FileName.sanitised(filename) == filename else { fatalError("a safe name is changed again") }
}
