import CQRCode

/// A text as a square of dark and light modules that a phone's camera reads.
///
/// Shape: `size` rows of `size` modules, 21 to 177, without the light margin of four modules that has to stand around it.
/// Source: ISO/IEC 18004, bytes at level M, by libqrencode.
public struct QRCode: Hashable, Sendable {
    /// Modules along a side.
    public let size: Int
    /// The modules row by row; true is dark.
    public let modules: [Bool]

    /// The most bytes of a text.
    public static let textBytes = 1_000
    /// Light modules that a reader needs on every side.
    public static let margin = 4

    /// The code of a text.
    ///
    /// - Returns: nil when the text is empty, holds a zero byte, or is longer than ``textBytes``.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= QRCode.textBytes, !bytes.contains(0) else { return nil }
        let made = bytes.withUnsafeBufferPointer { QRcode_encodeData(Int32($0.count), $0.baseAddress, 0, QR_ECLEVEL_M) }
        guard let made else { return nil }
        defer { QRcode_free(made) }
        guard let data = made.pointee.data else { return nil }
        size = Int(made.pointee.width)
        // The lowest bit is the colour; the others say what a module is for.
        modules = (0..<size * size).map { data[$0] & 1 == 1 }
    }

    /// The dark modules as the path of an SVG: one unit a module, the margin of ``margin`` units included.
    public var path: String {
        var path = ""
        for row in 0..<size {
            var column = 0
            while column < size {
                guard modules[row * size + column] else {
                    column += 1
                    continue
                }
                let start = column
                while column < size, modules[row * size + column] { column += 1 }
                path += "M\(start + QRCode.margin) \(row + QRCode.margin)h\(column - start)v1h\(start - column)z"
            }
        }
        return path
    }

    /// Units along a side of the whole picture, margins included.
    public var pictureSize: Int { size + 2 * QRCode.margin }
}
