/// Tells a picture by its first bytes.
enum PictureForm {
    private static let beginnings: [[UInt8]] = [
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0xFF, 0xD8, 0xFF], Array("GIF87a".utf8), Array("GIF89a".utf8),
    ]

    static func isKnown(_ bytes: [UInt8]) -> Bool {
        if beginnings.contains(where: { bytes.starts(with: $0) }) { return true }
        return bytes.starts(with: "RIFF".utf8) && bytes.dropFirst(8).starts(with: "WEBP".utf8)
    }
}
