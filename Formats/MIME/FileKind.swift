/// What a file is by its own bytes; its name and what its sender says are not asked.
public enum FileKind: String, Sendable, Hashable, CaseIterable {
    case pdf = "application/pdf"
    case tiff = "image/tiff"
    case png = "image/png"
    case jpeg = "image/jpeg"
    case zip = "application/zip"
    /// UTF-8 without control characters but tabs, line ends and form feeds.
    case text = "text/plain"

    /// How far into a file text is looked at, in bytes.
    public static let textBytes = 64 << 10
    /// How many bytes may stand before a PDF's first line, as its readers tolerate.
    public static let pdfPreamble = 1024

    /// The content type, for example `application/pdf`.
    public var contentType: String { rawValue }

    /// The kind of these bytes; nil when it is none of these or there are none.
    public static func detect(_ bytes: [UInt8]) -> FileKind? {
        for (kind, signature) in signatures where bytes.starts(with: signature) { return kind }
        if holdsPDF(bytes) { return .pdf }
        return isText(bytes) ? .text : nil
    }

    private static let signatures: [(FileKind, [UInt8])] = [
        (.pdf, Array("%PDF-".utf8)), (.tiff, [0x49, 0x49, 0x2A, 0x00]), (.tiff, [0x4D, 0x4D, 0x00, 0x2A]),
        (.tiff, [0x49, 0x49, 0x2B, 0x00]), (.tiff, [0x4D, 0x4D, 0x00, 0x2B]),
        (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), (.jpeg, [0xFF, 0xD8, 0xFF]),
        (.zip, [0x50, 0x4B, 0x03, 0x04]), (.zip, [0x50, 0x4B, 0x05, 0x06]), (.zip, [0x50, 0x4B, 0x07, 0x08]),
    ]

    /// A PDF's first line may follow up to a kilobyte of something else, but it begins a line.
    private static func holdsPDF(_ bytes: [UInt8]) -> Bool {
        let signature = Array("%PDF-".utf8)
        let window = bytes.prefix(pdfPreamble + signature.count)
        return window.indices.contains { index in
            window[index] == signature[0] && window[index...].starts(with: signature)
                && (index == 0 || window[index - 1] == 0x0A || window[index - 1] == 0x0D)
        }
    }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        guard !bytes.isEmpty else { return false }
        let isPlain = { (byte: UInt8) in byte >= 0x20 && byte != 0x7F || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D }
        let window = bytes.prefix(textBytes)
        guard window.allSatisfy(isPlain) else { return false }
        // The window may cut the last character; it has at most three bytes before its end.
        let cuts = window.count < bytes.count ? 0...3 : 0...0
        return cuts.contains { String(validating: window.dropLast($0), as: UTF8.self) != nil }
    }
}
