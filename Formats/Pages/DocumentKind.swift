/// The kinds of document that Baton turns into page images.
public enum DocumentKind: String, Codable, Hashable, Sendable, CaseIterable {
    /// Portable Document Format.
    case pdf
    /// Tagged Image File Format: scans and faxes, often of several pages.
    case tiff
    /// Portable Network Graphics: one image.
    case png
    /// JPEG: one photograph or scan.
    case jpeg

    /// The media type (IANA), such as `application/pdf`.
    public var mediaType: String {
        switch self {
        case .pdf: "application/pdf"
        case .tiff: "image/tiff"
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        }
    }

    /// Recognises the kind by the first bytes; names and declared media types are not believed.
    /// - Parameter bytes: The document; only the first 1,024 bytes are looked at, as PDF readers do.
    /// - Returns: nil when the bytes begin like none of the kinds.
    public init?(magicOf bytes: [UInt8]) {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: [0x49, 0x49, 0x2A, 0x00]) || bytes.starts(with: [0x4D, 0x4D, 0x00, 0x2A]) {
            self = .tiff
        } else if ByteReader(bytes).find("%PDF-", in: 0..<min(1024, bytes.count)) != nil {
            self = .pdf
        } else {
            return nil
        }
    }
}
