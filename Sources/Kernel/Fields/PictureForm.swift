/// How large a picture may be, in pixels; 0 means any.
public struct PictureSize: Sendable, Hashable, Codable {
    /// The most pixels that a picture may declare before anything decodes it.
    public static let pixelLimit = 50_000_000
    /// The longest side that a picture may declare.
    public static let sideLimit = 30_000

    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int

    /// A size in pixels.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Whether it limits anything.
    var isLimited: Bool { width > 0 || height > 0 }

    /// Whether a picture of this size is small enough for another.
    func fits(_ limit: PictureSize) -> Bool {
        (limit.width == 0 || width <= limit.width) && (limit.height == 0 || height <= limit.height)
    }
}

/// Tells a picture and its size by its first bytes, without decoding anything.
///
/// Sources: PNG (W3C) 11.2.2, JPEG (ITU-T T.81) B.2.2, GIF89a 18, WebP container specification (RFC 9649) 2.
enum PictureForm: CaseIterable {
    case png, jpeg, gif, webp

    /// The most segments that are looked through for a JPEG's size.
    private static let segmentLimit = 1_000

    /// The form that the bytes begin like.
    init?(_ bytes: [UInt8]) {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8) {
            self = .gif
        } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
            self = .webp
        } else {
            return nil
        }
    }

    /// The size that the picture declares; nil when its head is cut off or broken.
    func size(_ bytes: [UInt8]) -> PictureSize? {
        let size =
            switch self {
            case .png: PictureForm.pair(bytes, 18, 22, isBigEndian: true)
            case .jpeg: PictureForm.jpeg(bytes)
            case .gif: PictureForm.pair(bytes, 6, 8, isBigEndian: false)
            case .webp: PictureForm.webp(bytes)
            }
        // The two high bytes of a PNG's four must be zero below the limit of a side.
        if self == .png, size != nil,
            PictureForm.short(bytes, 16, isBigEndian: true) != 0 || PictureForm.short(bytes, 20, isBigEndian: true) != 0
        {
            return PictureSize(width: .max, height: .max)
        }
        guard let size, size.width > 0, size.height > 0 else { return nil }
        return size
    }

    private static func short(_ bytes: [UInt8], _ at: Int, isBigEndian: Bool) -> Int? {
        guard at >= 0, at + 1 < bytes.count else { return nil }
        let (first, second) = (Int(bytes[at]), Int(bytes[at + 1]))
        return isBigEndian ? first << 8 | second : second << 8 | first
    }

    private static func pair(_ bytes: [UInt8], _ across: Int, _ down: Int, isBigEndian: Bool) -> PictureSize? {
        guard let width = short(bytes, across, isBigEndian: isBigEndian), let height = short(bytes, down, isBigEndian: isBigEndian)
        else { return nil }
        return PictureSize(width: width, height: height)
    }

    private static func jpeg(_ bytes: [UInt8]) -> PictureSize? {
        var at = 2
        for _ in 0..<segmentLimit {
            guard at + 3 < bytes.count, bytes[at] == 0xFF else { return nil }
            let marker = bytes[at + 1]
            if marker == 0xFF {
                at += 1
                continue
            }
            if (0xC0...0xCF).contains(marker), marker != 0xC4, marker != 0xC8, marker != 0xCC {
                return pair(bytes, at + 7, at + 5, isBigEndian: true)
            }
            guard marker != 0xD9, marker != 0xDA, let length = short(bytes, at + 2, isBigEndian: true), length >= 2 else { return nil }
            at += 2 + length
        }
        return nil
    }

    private static func webp(_ bytes: [UInt8]) -> PictureSize? {
        guard bytes.count >= 30 else { return nil }
        if bytes[12..<16].elementsEqual("VP8 ".utf8) {
            return pair(bytes, 26, 28, isBigEndian: false).map { PictureSize(width: $0.width & 0x3FFF, height: $0.height & 0x3FFF) }
        }
        if bytes[12..<16].elementsEqual("VP8L".utf8) {
            let bits = (21...24).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
            return PictureSize(width: bits & 0x3FFF + 1, height: bits >> 14 & 0x3FFF + 1)
        }
        guard bytes[12..<16].elementsEqual("VP8X".utf8) else { return nil }
        func three(_ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 | Int(bytes[at + 2]) << 16 }
        return PictureSize(width: three(24) + 1, height: three(27) + 1)
    }
}
