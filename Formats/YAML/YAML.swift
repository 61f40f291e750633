import JSON

/// Reads the part of YAML 1.2 that says the same as JSON.
///
/// One document in UTF-8; plain scalars follow the core schema (`true`, `null`, `12`, `0x1F`, `1.5`, else text), so `no`
/// and `on` are text. Keys are scalars and become text as written. Refused, each with its line: tags of one's own, merge
/// keys, keys that stand twice, numbers with a superfluous zero (is `007` a number or a code?), infinity and “not a number”.
public enum YAML {
    /// Reads one document.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8.
    ///   - limits: What is refused although it is correct.
    ///   - numbers: Whether numbers are converted or kept as written, as for JSON.
    /// - Throws: `yaml.empty`, `yaml.syntax`, `yaml.too_large`, `yaml.too_deep`, `yaml.too_many_aliases`,
    ///   `yaml.unknown_alias`, `yaml.expands_too_far`, `yaml.duplicate_key`, `yaml.bad_key`, `yaml.tag`, `yaml.bad_scalar`,
    ///   `yaml.several_documents`.
    public static func parse(
        _ bytes: [UInt8], limits: YAMLLimits = .default, numbers: JSONNumbers = .converted
    ) throws(YAMLError) -> JSON {
        guard bytes.count <= limits.maxBytes else { throw .tooLarge(limits.maxBytes) }
        try refuseManyTagDirectives(bytes)
        return try bytes.withUnsafeBufferPointer { (buffer) throws(YAMLError) -> JSON in
            var builder = YAMLBuilder(events: try YAMLEvents(buffer), limits: limits, numbers: numbers)
            return try builder.document()
        }
    }

    /// The library compares each tag directive with all before it, and does so before it reports any of them.
    private static func refuseManyTagDirectives(_ bytes: [UInt8]) throws(YAMLError) {
        let directive = Array("%TAG".utf8)
        var line = 1
        var left = maxTagDirectives
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") { line += 1 }
            guard byte == directive[0], bytes[index...].starts(with: directive) else { continue }
            left -= 1
            guard left >= 0 else { throw .tag(at: YAMLPlace(line: line)) }
        }
    }

    /// How often `%TAG` may stand in a text, even within a scalar.
    private static let maxTagDirectives = 64

    /// Reads one document from a string.
    public static func parse(
        _ text: String, limits: YAMLLimits = .default, numbers: JSONNumbers = .converted
    ) throws(YAMLError) -> JSON {
        try parse(Array(text.utf8), limits: limits, numbers: numbers)
    }
}

/// How much YAML a reader accepts.
public struct YAMLLimits: Sendable, Hashable {
    /// How many bytes the text may have.
    public var maxBytes: Int
    /// How many sequences and mappings may stand inside each other, aliases included, 1 to 256 (a larger number counts as 256).
    public var maxDepth: Int
    /// How many aliases (`*name`) the text may use.
    public var maxAliases: Int
    /// How large the value may become by its aliases: one for each node and one for each byte of its scalars.
    public var maxExpandedBytes: Int

    /// The limits for ordinary input: 4 MiB, 64 levels, 256 aliases, 16 MiB when expanded.
    public static let `default` = YAMLLimits()

    /// What the stack of one thread surely holds.
    static let deepest = 256

    /// Limits of your own; what is not named stays at its default.
    public init(maxBytes: Int = 4 << 20, maxDepth: Int = 64, maxAliases: Int = 256, maxExpandedBytes: Int = 16 << 20) {
        self.maxBytes = maxBytes
        self.maxDepth = maxDepth
        self.maxAliases = maxAliases
        self.maxExpandedBytes = maxExpandedBytes
    }
}
