/// Writes XML-RPC into a growing array.
struct XMLRPCWriter {
    private(set) var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(1024)
        literal("<?xml version=\"1.0\"?>\n")
    }

    mutating func literal(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func parameter(_ value: XMLRPCValue) {
        literal("<param>")
        self.value(value)
        literal("</param>")
    }

    mutating func value(_ value: XMLRPCValue) {
        literal("<value>")
        switch value {
        case .nil: literal("<nil/>")
        case .bool(let value): literal(value ? "<boolean>1</boolean>" : "<boolean>0</boolean>")
        case .int(let value): int(value)
        case .double(let value): double(value)
        case .string(let value):
            literal("<string>")
            text(value)
            literal("</string>")
        case .base64(let data):
            literal("<base64>")
            XMLRPCBase64.encode(data, into: &bytes)
            literal("</base64>")
        case .dateTime(let value):
            literal("<dateTime.iso8601>")
            text(value)
            literal("</dateTime.iso8601>")
        case .array(let elements):
            literal("<array><data>")
            for element in elements { self.value(element) }
            literal("</data></array>")
        case .structure(let structure): members(structure)
        }
        literal("</value>")
    }

    private mutating func members(_ structure: XMLRPCStructure) {
        literal("<struct>")
        for member in structure.members {
            literal("<member><name>")
            text(member.name)
            literal("</name>")
            value(member.value)
            literal("</member>")
        }
        literal("</struct>")
    }

    private mutating func int(_ value: Int64) {
        let fits = Int32(exactly: value) != nil
        literal(fits ? "<int>" : "<i8>")
        bytes.append(contentsOf: value.description.utf8)
        literal(fits ? "</int>" : "</i8>")
    }

    /// XML-RPC cannot say infinity or “not a number”: they are written as nil.
    private mutating func double(_ value: Double) {
        guard value.isFinite else { return literal("<nil/>") }
        literal("<double>")
        bytes.append(contentsOf: value.description.utf8)
        literal("</double>")
    }

    /// Appends text with XML's own characters escaped; characters that XML 1.0 forbids are left out.
    mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { source in
            var run = 0
            var index = 0
            while index < source.count {
                let (length, replacement) = XMLRPCWriter.escape(source, index)
                if length > 0 {
                    bytes.append(contentsOf: source[run..<index])
                    literal(replacement)
                    index += length
                    run = index
                } else {
                    index += 1
                }
            }
            bytes.append(contentsOf: source[run...])
        }
    }

    /// How many bytes at that place must be replaced, and by what; 0 when they may stand.
    private static func escape(_ source: UnsafeBufferPointer<UInt8>, _ index: Int) -> (Int, StaticString) {
        switch source[index] {
        case UInt8(ascii: "&"): return (1, "&amp;")
        case UInt8(ascii: "<"): return (1, "&lt;")
        case UInt8(ascii: ">"): return (1, "&gt;")
        case 0x0D: return (1, "&#13;")
        case 0x09, 0x0A: return (0, "")
        case 0..<0x20: return (1, "")
        case 0xEF where index + 2 < source.count && source[index + 1] == 0xBF && source[index + 2] >= 0xBE: return (3, "")
        default: return (0, "")
        }
    }
}
