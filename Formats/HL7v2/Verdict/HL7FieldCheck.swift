/// Checks one field's values against the rules of their types.
struct HL7FieldCheck {
    let facts: HL7Facts
    let version: HL7Version
    let charset: HL7Charset
    private(set) var faults: [HL7Error] = []

    init(facts: HL7Facts, version: HL7Version, charset: HL7Charset) {
        self.facts = facts
        self.version = version
        self.charset = charset
    }

    mutating func run(_ segment: HL7Segment, _ number: Int, _ type: Int, _ place: HL7Position) {
        let field = segment[number]
        let delimiters = segment.delimiters
        if !field.hasParts && keeps(facts.rule(of: type, in: version.rank), field.encoded[...], delimiters) { return }
        for (repetition, whole) in HL7Split.split(field.encoded[...], at: delimiters.repetition).enumerated() where !whole.isEmpty {
            for (index, component) in HL7Split.split(whole, at: delimiters.component).enumerated() where !component.isEmpty {
                guard let part = facts.part(index + 1, of: type, in: version.rank) else { continue }
                for (inner, text) in HL7Split.split(component, at: delimiters.subcomponent).enumerated() where !text.isEmpty {
                    guard let leaf = facts.part(inner + 1, of: part, in: version.rank) else { continue }
                    let rule = facts.rule(of: leaf, in: version.rank)
                    if keeps(rule, text, delimiters) { continue }
                    var place = place
                    (place.field, place.repetition, place.component, place.subcomponent) = (number, repetition, index + 1, inner + 1)
                    place.byteOffset = segment.byteOffset(ofField: number, charset) + distance(from: field.encoded, to: text)
                    faults.append(.breaks(rule, String(text), at: place))
                    if faults.count >= HL7Verdict.problemLimit { return }
                }
            }
        }
    }

    private func keeps(_ rule: HL7Rule, _ text: Substring, _ delimiters: HL7Delimiters) -> Bool {
        if case .free = rule { return true }
        let value = HL7Escapes.decode(text, delimiters)
        return value.isEmpty || value == HL7Message.null || rule.allows(value, in: version)
    }

    private func distance(from whole: String, to part: Substring) -> Int {
        let before = whole[..<part.startIndex]
        return charset == .utf8 ? before.utf8.count : before.unicodeScalars.count
    }
}

extension HL7Field {
    /// Whether a delimiter occurs, so that there is more than one value.
    fileprivate var hasParts: Bool {
        let (first, second, third) = (delimiters.repetition, delimiters.component, delimiters.subcomponent)
        if first | second | third >= 0x80 { return true }
        return encoded.utf8.contains { $0 == first || $0 == second || $0 == third }
    }
}
