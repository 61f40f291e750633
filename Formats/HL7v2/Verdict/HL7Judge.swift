/// Looks for everything that is wrong with a message.
struct HL7Judge {
    private let message: HL7Message
    private let facts = HL7Facts.standard
    private var seen: [String: Int] = [:]
    private(set) var structure: String?
    /// Why the message cannot be understood.
    private(set) var fatal: HL7Error?
    /// Values that break the rules of their types.
    private(set) var faults: [HL7Error] = []

    init(_ message: HL7Message) { self.message = message }

    mutating func run() {
        let header = HL7Position(segmentName: "MSH", occurrence: 0, byteOffset: message.segments.first?.byteOffset ?? 0)
        guard let version = HL7Version(message.version) else {
            fatal = message.version.isEmpty ? .noVersion(at: header) : .unknownVersion(message.version, at: header)
            return
        }
        guard let declared = HL7Structures.declared(message.field("MSH-9")) else {
            fatal = .noStructure(at: header)
            return
        }
        structure = HL7Structures.standard.structure(declared, in: version)
        for (index, segment) in message.segments.enumerated() {
            let occurrence = seen[segment.name, default: 0]
            seen[segment.name] = occurrence + 1
            let place = HL7Position(segmentIndex: index, segmentName: segment.name, occurrence: occurrence, byteOffset: segment.byteOffset)
            judge(segment, version, place)
        }
    }

    private mutating func judge(_ segment: HL7Segment, _ version: HL7Version, _ place: HL7Position) {
        if segment.beginsWithSeparator { return reject(.namelessSegment(at: place)) }
        guard let layout = facts.segments[segment.name] else { return }
        let varying = varyingType(of: segment, version, place)
        for number in 1...max(1, segment.count) where !segment[number].isEmpty && !(segment.isHeader && number <= 2) {
            let type = varying?.field == number ? varying?.type : layout.type(number, in: version.rank)
            guard let type, faults.count < HL7Verdict.problemLimit else { continue }
            var check = HL7FieldCheck(facts: facts, version: version, charset: message.charset)
            check.run(segment, number, type, place)
            faults += check.faults
        }
    }

    private mutating func reject(_ error: HL7Error) {
        if fatal == nil { fatal = error }
    }

    /// OBX-5 is of the type that OBX-2 names, MFE-4 (from 2.3.1 on) of that in MFE-5.
    private mutating func varyingType(
        of segment: HL7Segment, _ version: HL7Version, _ place: HL7Position
    ) -> (field: Int, type: Int)? {
        let (typed, typing): (Int, Int)
        switch segment.name {
        case "OBX": (typed, typing) = (5, 2)
        case "MFE" where version >= .v231: (typed, typing) = (4, 5)
        default: return nil
        }
        let value = segment[typed]
        guard !value.isEmpty else { return nil }
        var place = place
        place.field = typing
        place.byteOffset = segment.byteOffset(ofField: typing, message.charset)
        let name = segment[typing].value
        if name.isEmpty || name == HL7Message.null {
            if value.carriesText { reject(.typeMissing(segment.name, typed, typing, at: place)) }
            return nil
        }
        guard let type = facts.type(named: name, in: version.rank) else {
            reject(.unknownType(name, version, at: place))
            return nil
        }
        return (typed, type)
    }
}

extension HL7Field {
    /// Whether there is more than delimiters.
    fileprivate var carriesText: Bool {
        let marks = [delimiters.repetition, delimiters.component, delimiters.subcomponent]
        return encoded.unicodeScalars.contains { scalar in !marks.contains { UInt32($0) == scalar.value } }
    }
}

extension HL7Segment {
    /// Whether there are fields, but a separator where the name should be.
    fileprivate var beginsWithSeparator: Bool {
        count > 0 && name.unicodeScalars.first?.value == UInt32(delimiters.field)
    }

    /// Where a field begins in the bytes that were read; where the segment ends when it does not exist.
    func byteOffset(ofField number: Int, _ charset: HL7Charset) -> Int {
        func length(_ text: String) -> Int { charset == .utf8 ? text.utf8.count : text.unicodeScalars.count }
        var offset = byteOffset + length(name)
        let first = isHeader ? 1 : 0
        if isHeader && number == 1 { return offset }
        for index in first..<max(first, min(number - 1, count)) { offset += 1 + length(encodedFields[index]) }
        return offset + 1
    }
}
