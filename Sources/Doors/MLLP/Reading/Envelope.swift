/// What can be told of a message from its first line, without parsing it: who sent it, and under which number.
///
/// It reads leniently, because the original is stored before it is parsed; what it cannot tell stays empty.
struct Envelope: Sendable, Hashable {
    /// Bytes of the first line that are looked at.
    private static let lineLimit = 4_096
    private static let textLimit = 200

    private(set) var application = ""
    private(set) var facility = ""
    private(set) var type = ""
    private(set) var event = ""
    private(set) var controlId = ""

    init(sniffing bytes: [UInt8]) {
        let line = bytes.prefix(Self.lineLimit).drop { [0x0D, 0x0A, 0x20].contains($0) }.prefix { $0 != 0x0D && $0 != 0x0A }
        guard line.starts(with: Array("MSH".utf8)), line.count > 5 else { return }
        let separator = line[line.startIndex + 3]
        let fields = line.split(separator: separator, omittingEmptySubsequences: false)
        let component = fields.count > 1 ? fields[1].first ?? 0x5E : 0x5E
        func part(_ field: Int, _ number: Int) -> String {
            guard field < fields.count else { return "" }
            let parts = fields[field].split(separator: component, omittingEmptySubsequences: false)
            return number < parts.count ? Self.text(parts[number]) : ""
        }
        application = part(2, 0)
        facility = part(3, 0)
        type = part(8, 0)
        event = part(8, 1)
        controlId = part(9, 0)
    }

    /// The sending system as one text; empty when the message does not say.
    var sender: String { application.isEmpty && facility.isEmpty ? "" : application + "|" + facility }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let cut = bytes.prefix(textLimit)
        if let text = String(validating: cut, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(cut.map { Unicode.Scalar($0) }))
    }
}
