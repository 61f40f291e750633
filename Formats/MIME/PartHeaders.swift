/// The headers of one part.
struct PartHeaders {
    private var name = ""
    private var filename: String?
    private var contentType: String?

    /// - Parameter text: Lines parted by CR LF.
    init(_ text: String) throws(MIMEError) {
        var hasDisposition = false
        // Each line feed must follow a carriage return; any control character that is left makes the line malformed.
        for bytes in (text + "\r").utf8.split(separator: 0x0A).map({ $0.last == 0x0D ? $0.dropLast() : $0.prefix(0) }) {
            guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), HeaderValue.isToken(bytes[..<colon]),
                bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x09 })
            else { throw .malformed("A part's header must be a name, a colon and a value on one line.") }
            let value = String(decoding: bytes[bytes.index(after: colon)...], as: UTF8.self)
            switch String(decoding: bytes[..<colon], as: UTF8.self).lowercased() {
            case "content-disposition":
                guard !hasDisposition else { throw .malformed("A part has two content dispositions. Send one.") }
                hasDisposition = true
                try readDisposition(value)
            case "content-type": contentType = ContentType(value)?.essence
            case "content-transfer-encoding": try refuseEncoding(value)
            default: break
            }
        }
        guard hasDisposition else { throw .malformed("A part has no content disposition. Send `form-data` with a name.") }
    }

    func part(bytes: [UInt8]) -> MultipartForm.Part {
        MultipartForm.Part(name: name, filename: filename, contentType: contentType, bytes: bytes)
    }

    private mutating func readDisposition(_ value: String) throws(MIMEError) {
        guard let disposition = HeaderValue(value), disposition.value.lowercased() == "form-data", let name = disposition.parameters["name"]
        else { throw .malformed("A part's content disposition must be `form-data` with a name.") }
        self.name = name
        let plain = disposition.parameters["filename"]
        guard let sent = try PartHeaders.extended(disposition.parameters["filename*"]) ?? plain else { return }
        filename = FileName.sanitised(sent)
    }

    /// Some clients send names beyond ASCII as `UTF-8''na%C3%AFve.pdf` (RFC 8187).
    private static func extended(_ value: String?) throws(MIMEError) -> String? {
        guard let value else { return nil }
        let pieces = value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, pieces[0].lowercased() == "utf-8" else { throw .encoding }
        return try PercentEncoding.decoded(String(pieces[2]))
    }

    /// RFC 7578 §4.7 ended these encodings; to keep encoded bytes as if they were the file would be worse than to refuse.
    private func refuseEncoding(_ value: String) throws(MIMEError) {
        guard let encoding = HeaderValue(value)?.value.lowercased(), ["binary", "8bit", "7bit"].contains(encoding) else {
            throw .malformed("A part's content is encoded. Send its bytes as they are.")
        }
    }
}
