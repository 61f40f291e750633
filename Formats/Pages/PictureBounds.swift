/// How large a picture may be; 0 means any.
public struct PictureBounds: Codable, Hashable, Sendable {
    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int

    /// Bounds in pixels.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// What a size is multiplied by to fit; never more than 1.
    func scale(_ size: (width: Int, height: Int)) -> Double {
        let across = width > 0 ? Double(width) / Double(size.width) : 1
        let down = height > 0 ? Double(height) / Double(size.height) : 1
        return min(across, down, 1)
    }

    /// The size that a picture gets: its sides in proportion, at least one pixel each.
    func fitted(_ size: (width: Int, height: Int)) -> (width: Int, height: Int) {
        let scale = scale(size)
        func side(_ length: Int, _ limit: Int) -> Int {
            let scaled = max(1, Int((Double(length) * scale).rounded()))
            return limit > 0 ? min(scaled, limit) : scaled
        }
        return (side(size.width, width), side(size.height, height))
    }
}

/// A picture that a worker wrote anew.
struct ReducedPicture: Hashable, Sendable {
    /// Its place among the sizes asked for, counted from 1.
    let number: Int
    /// A PNG or a JPEG.
    let bytes: [UInt8]
    let width: Int
    let height: Int

    /// Takes what is structurally a PNG or a JPEG; nil for anything else.
    init?(number: Int, bytes: [UInt8]) {
        let structure: ImageStructure?
        switch DocumentKind(magicOf: bytes) {
        case .png: structure = try? PNGStructure.read(bytes)
        case .jpeg: structure = try? JPEGStructure.read(bytes)
        default: structure = nil
        }
        guard let structure, number >= 1 else { return nil }
        self.number = number
        self.bytes = bytes
        width = structure.width
        height = structure.height
    }
}
