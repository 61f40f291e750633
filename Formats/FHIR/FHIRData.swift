import JSON

/// Builds FHIR's data types; what is nil is left out.
public enum FHIRData {
    /// An object of those members that have a value, in their order; FHIR forbids what is null or empty, so that is left out too.
    public static func object(_ members: [(String, JSON?)]) -> JSON {
        let kept = members.compactMap { name, value in
            value.flatMap { isEmpty($0) ? nil : JSONObject.Member(key: name, value: $0) }
        }
        return .object(JSONObject(kept))
    }

    private static func isEmpty(_ value: JSON) -> Bool {
        switch value {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        case .bool, .int, .double, .number: false
        }
    }

    /// A Reference to a resource: `Patient/1`.
    public static func reference(_ type: String, _ id: String, display: String? = nil) -> JSON {
        object([("reference", .string("\(type)/\(id)")), ("display", text(display))])
    }

    /// A Reference by identifier, for a target that has no address here.
    public static func reference(_ type: String?, identifier: JSON, display: String? = nil) -> JSON {
        object([("type", text(type)), ("identifier", identifier), ("display", text(display))])
    }

    /// A Coding.
    public static func coding(_ system: String?, _ code: String, display: String? = nil) -> JSON {
        object([("system", text(system)), ("code", .string(code)), ("display", text(display))])
    }

    /// A CodeableConcept of one coding.
    public static func codeableConcept(_ system: String?, _ code: String, display: String? = nil, text: String? = nil) -> JSON {
        codeableConcept([coding(system, code, display: display)], text: text)
    }

    /// A CodeableConcept of several codings, or of text only.
    public static func codeableConcept(_ codings: [JSON] = [], text: String?) -> JSON {
        object([("coding", .array(codings)), ("text", self.text(text))])
    }

    /// An Identifier; `use` is usual, official, temp, secondary or old.
    public static func identifier(_ system: String?, _ value: String, use: String? = nil, type: JSON? = nil) -> JSON {
        object([("use", text(use)), ("type", type), ("system", text(system)), ("value", .string(value))])
    }

    /// A HumanName; `use` is usual, official, temp, nickname, anonymous, old or maiden.
    public static func humanName(family: String?, given: [String] = [], text: String? = nil, use: String? = nil) -> JSON {
        object([("use", self.text(use)), ("text", self.text(text)), ("family", self.text(family)), ("given", strings(given))])
    }

    /// A ContactPoint; `system` is phone, fax, email, pager, url, sms or other.
    public static func contactPoint(_ system: String, _ value: String, use: String? = nil) -> JSON {
        object([("system", .string(system)), ("value", .string(value)), ("use", text(use))])
    }

    /// An Address.
    public static func address(
        lines: [String] = [], city: String? = nil, state: String? = nil, postalCode: String? = nil, country: String? = nil,
        use: String? = nil
    ) -> JSON {
        object([
            ("use", text(use)), ("line", strings(lines)), ("city", text(city)), ("state", text(state)),
            ("postalCode", text(postalCode)), ("country", text(country)),
        ])
    }

    /// A Period; either end may be open.
    public static func period(start: String?, end: String?) -> JSON { object([("start", text(start)), ("end", text(end))]) }

    /// An Annotation.
    public static func annotation(_ words: String, time: String? = nil, author: String? = nil) -> JSON {
        object([("authorString", text(author)), ("time", text(time)), ("text", .string(words))])
    }

    /// An Attachment; `url` may lead to a Binary.
    public static func attachment(
        contentType: String?, url: String? = nil, title: String? = nil, size: Int? = nil, hash: String? = nil, creation: String? = nil
    ) -> JSON {
        object([
            ("contentType", text(contentType)), ("url", text(url)), ("size", size.map { JSON($0) }), ("hash", text(hash)),
            ("title", text(title)), ("creation", text(creation)),
        ])
    }

    /// A simple extension: its URL and one value under `name`, for example `valueString`.
    public static func `extension`(_ url: String, _ name: String, _ value: JSON) -> JSON {
        object([("url", .string(url)), (name, value)])
    }

    private static func text(_ value: String?) -> JSON? { value.map(JSON.string) }

    private static func strings(_ values: [String]) -> JSON { .array(values.filter { !$0.isEmpty }.map(JSON.string)) }
}
