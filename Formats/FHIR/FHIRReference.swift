import JSON

/// What the text of a literal reference says about its target.
///
/// `Patient/1`, `Patient/1/_history/2`, `https://host/fhir/Patient/1`, `#p1`, `urn:uuid:…` or `Patient?identifier=…`.
public struct FHIRReference: Sendable, Hashable {
    /// The reference as written.
    public let text: String
    /// The resource type that it names, whether or not R4 has such a type.
    public let type: String?
    /// The target's id; nil when the text has none.
    public let id: String?
    /// The version asked for.
    public let version: String?
    /// The server's address when the reference is absolute, without the slash before the type.
    public let base: String?

    /// The id of a contained resource, for `#p1`.
    public var fragment: String? { text.hasPrefix("#") ? String(text.dropFirst()) : nil }

    /// Reads the text of a reference; never fails, but may find neither type nor id.
    public init(text: String) {
        self.text = text
        guard !text.hasPrefix("#"), !text.hasPrefix("urn:") else {
            (type, id, version, base) = (nil, nil, nil, nil)
            return
        }
        if let mark = text.firstIndex(of: "?"), FHIRDefinitions.isTypeName(String(text[..<mark])) {
            (type, id, version, base) = (String(text[..<mark]), nil, nil, nil)
            return
        }
        var steps = text.split(separator: "/", omittingEmptySubsequences: false)[...]
        var version: String?
        if steps.count >= 4, steps[steps.endIndex - 2] == "_history" {
            version = String(steps.removeLast())
            steps.removeLast()
        }
        self.version = version
        guard steps.count >= 2, let id = steps.popLast(), let type = steps.popLast(), FHIRText.isId(id),
            FHIRDefinitions.isTypeName(String(type))
        else {
            (self.type, self.id, base) = (nil, nil, nil)
            return
        }
        self.type = String(type)
        self.id = String(id)
        base = steps.isEmpty ? nil : steps.joined(separator: "/")
    }

    /// Reads a Reference element; its `type` answers when its text names none. Nil when it holds neither.
    public init?(_ element: JSON) {
        let stated = element["type"]?.stringValue
        guard let text = element["reference"]?.stringValue else {
            guard let stated else { return nil }
            self.init(text: "", type: stated, id: nil)
            return
        }
        let read = FHIRReference(text: text)
        self = read.type == nil && stated != nil ? FHIRReference(text: text, type: stated, id: read.id) : read
    }

    private init(text: String, type: String?, id: String?) {
        (self.text, self.type, self.id, version, base) = (text, type, id, nil, nil)
    }
}
