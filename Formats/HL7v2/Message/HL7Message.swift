/// One HL7 v2 message: segments in their order.
///
/// Shape: the first segment is MSH. Segments, fields and escapes are kept as they came, unknown and Z-segments included, so that writing
/// a message gives what was read.
public struct HL7Message: Sendable, Hashable {
    /// HL7's explicit null: the receiver shall delete what it has.
    public static let null = "\"\""

    /// The segments, MSH first.
    public internal(set) var segments: [HL7Segment]
    /// What MSH-1 and MSH-2 declare.
    public let delimiters: HL7Delimiters
    /// How the segments were separated where the message was read.
    public let lineEnding: HL7LineEnding
    /// How the bytes were decoded, for writing an answer in the same manner.
    public let charset: HL7Charset

    init(segments: [HL7Segment], delimiters: HL7Delimiters, lineEnding: HL7LineEnding = .cr, charset: HL7Charset = .utf8) {
        self.segments = segments
        self.delimiters = delimiters
        self.lineEnding = lineEnding
        self.charset = charset
    }

    /// Starts a message of one MSH segment that carries nothing but the delimiters.
    public init(delimiters: HL7Delimiters = .standard) {
        self.init(segments: [HL7Segment("MSH", delimiters: delimiters)], delimiters: delimiters)
    }

    /// The text of one value, unescaped; `nil` when it is absent or empty.
    ///
    /// A path without a component means the first component, one without a subcomponent the first subcomponent.
    public subscript(path: HL7Path) -> String? {
        get {
            guard let segment = self[segment: path.segment, path.occurrence ?? 0] else { return nil }
            let value = segment[path.field][path.repetition ?? 0][path.component ?? 1][path.subcomponent ?? 1]
            return value.isEmpty ? nil : value
        }
        set { set(newValue ?? "", at: path) }
    }

    /// The segment of this name with this index among its namesakes, counted from 0.
    public subscript(segment name: String, index: Int) -> HL7Segment? {
        var left = index
        for segment in segments where segment.name == name {
            if left == 0 { return segment }
            left -= 1
        }
        return nil
    }

    /// The segments of this name, in order.
    public func segments(_ name: String) -> [HL7Segment] { segments.filter { $0.name == name } }

    /// The texts that a path means in all segments of its name and all repetitions, empty ones left out.
    ///
    /// An occurrence or a repetition that the path names limits the search to it.
    public func all(_ path: HL7Path) -> [String] {
        var values: [String] = []
        for (index, segment) in segments(path.segment).enumerated() where path.occurrence.map({ $0 == index }) ?? true {
            for (number, repetition) in segment[path.field].repetitions.enumerated()
            where path.repetition.map({ $0 == number }) ?? true {
                let value = repetition[path.component ?? 1][path.subcomponent ?? 1]
                if !value.isEmpty { values.append(value) }
            }
        }
        return values
    }

    /// The field that a path names, in the first segment of that name unless the path says which.
    public func field(_ path: HL7Path) -> HL7Field {
        self[segment: path.segment, path.occurrence ?? 0]?[path.field] ?? HL7Field(encoded: "", delimiters: delimiters)
    }
}

extension HL7Message {
    /// Messages are equal when their segments are; how lines ended and bytes were decoded does not matter.
    public static func == (left: HL7Message, right: HL7Message) -> Bool { left.segments == right.segments }

    /// Agrees with `==`.
    public func hash(into hasher: inout Hasher) { hasher.combine(segments) }
}

extension HL7Message {
    /// MSH-9.1, for instance `ADT`.
    public var code: String { self["MSH-9.1"] ?? "" }
    /// MSH-9.2, for instance `A28`.
    public var event: String { self["MSH-9.2"] ?? "" }
    /// MSH-10, which an acknowledgement echoes.
    public var controlId: String { self["MSH-10"] ?? "" }
    /// MSH-12.1, for instance `2.5.1`.
    public var version: String {
        HL7Escapes.decode(HL7Split.part(0, of: field("MSH-12").encoded[...], at: delimiters.component), delimiters)
    }
}
