/// Makes a file's name that a stranger sent harmless.
public enum FileName {
    /// The longest name that comes out, in bytes of UTF-8.
    public static let maxBytes = 200
    /// The name that stands in when nothing is left.
    public static let fallback = "file"

    /// A name without any path, control character or character that some file system or terminal treats specially.
    ///
    /// Only what follows the last slash or backslash is kept; dots and spaces at both ends fall away, so that the result
    /// is never hidden and never `..`; a name that Windows reserves gets an underscore in front. The extension survives
    /// shortening.
    ///
    /// - Returns: 1 to ``maxBytes`` bytes.
    public static func sanitised(_ name: String) -> String {
        let last = name.unicodeScalars.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map { Array($0) } ?? []
        let clean = last.filter { !isInvisible($0) }.map { special.contains($0) ? Unicode.Scalar(UInt8(ascii: "_")) : $0 }
        let name = shortened(trim(clean), to: maxBytes)
        guard !name.isEmpty else { return fallback }
        let stem = text(name.prefix { $0 != "." }).uppercased()
        return reserved.contains(stem) ? "_" + text(shortened(name, to: maxBytes - 1)) : text(name)
    }

    private static let special = Set("<>:\"|?*%".unicodeScalars)

    private static let reserved: Set<String> = [
        "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "LPT1", "LPT2", "LPT3", "LPT4",
        "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    ]

    /// Control characters, line separators, and marks that turn the direction of text or take no room.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
        default: false
        }
    }

    private static func trim(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let isEdge = { (scalar: Unicode.Scalar) in scalar == "." || scalar.properties.isWhitespace }
        guard let first = scalars.firstIndex(where: { !isEdge($0) }), let last = scalars.lastIndex(where: { !isEdge($0) }) else {
            return []
        }
        return Array(scalars[first...last])
    }

    /// Takes away from the middle: what stands before the extension gives way.
    private static func shortened(_ scalars: [Unicode.Scalar], to limit: Int) -> [Unicode.Scalar] {
        guard bytes(scalars) > limit else { return scalars }
        let dot = scalars.lastIndex(of: ".") ?? scalars.endIndex
        let ending = scalars[dot...]
        let extensionPart = bytes(ending) <= 16 ? Array(ending) : []
        var stem: [Unicode.Scalar] = []
        var left = limit - bytes(extensionPart)
        for scalar in extensionPart.isEmpty ? scalars[...] : scalars[..<dot] {
            left -= UTF8.width(scalar)
            guard left >= 0 else { break }
            stem.append(scalar)
        }
        return trim(stem + extensionPart)
    }

    private static func bytes(_ scalars: some Sequence<Unicode.Scalar>) -> Int { scalars.reduce(0) { $0 + UTF8.width($1) } }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
