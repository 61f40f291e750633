extension JSON {
    /// The value as UTF-8 without white space, its members in their order.
    public func serialized() -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.json(self)
        return writer.take()
    }

    /// The value as text without white space.
    public func text() -> String { String(decoding: serialized(), as: UTF8.self) }

    /// The value as text for people: one member or element a line, indented by two spaces.
    public func pretty() -> String {
        var writer = JSONWriter(capacity: 1024)
        writer.pretty(self, level: 0)
        return String(decoding: writer.take(), as: UTF8.self)
    }
}

extension JSONWriter {
    fileprivate mutating func pretty(_ value: JSON, level: Int) {
        switch value {
        case .array(let elements) where !elements.isEmpty:
            byte(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                newLine(level + 1, comma: index > 0)
                pretty(element, level: level + 1)
            }
            newLine(level, comma: false)
            byte(UInt8(ascii: "]"))
        case .object(let object) where !object.isEmpty:
            byte(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                newLine(level + 1, comma: index > 0)
                string(member.key)
                literal(": ")
                pretty(member.value, level: level + 1)
            }
            newLine(level, comma: false)
            byte(UInt8(ascii: "}"))
        default: json(value)
        }
    }

    private mutating func newLine(_ level: Int, comma: Bool) {
        if comma { byte(UInt8(ascii: ",")) }
        byte(UInt8(ascii: "\n"))
        for _ in 0..<level { literal("  ") }
    }
}
