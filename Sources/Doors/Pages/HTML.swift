/// A page that is being written: elements by closures, everything that varies escaped.
///
/// Names are part of the program, texts and values never are: there is no way to add markup from a string, so that what somebody typed
/// cannot become markup. `script` and `style` elements are refused.
public struct HTML: Sendable {
    /// The bytes so far, in UTF-8.
    public private(set) var bytes: [UInt8] = []

    /// Nothing yet.
    public init() {}

    /// An element with content.
    public mutating func add(_ name: StaticString, _ attributes: Attribute?..., content: (inout HTML) -> Void) {
        open(name, attributes)
        content(&self)
        close(name)
    }

    /// An element that holds a text, or nothing.
    public mutating func add(_ name: StaticString, _ attributes: Attribute?..., text: String = "") {
        open(name, attributes)
        write(text)
        close(name)
    }

    /// An element that has no end, such as `input`.
    public mutating func void(_ name: StaticString, _ attributes: Attribute?...) { open(name, attributes) }

    /// A text.
    public mutating func write(_ text: String) { HTML.escape(text, into: &bytes) }

    /// The document's first line; only at the beginning.
    mutating func begin() { bytes += "<!DOCTYPE html>\n".utf8 }

    private mutating func open(_ name: StaticString, _ attributes: [Attribute?]) {
        precondition(name.description != "script" && name.description != "style", "Pages hold neither scripts nor styles.")
        bytes.append(UInt8(ascii: "<"))
        bytes += name.description.utf8
        for attribute in attributes { attribute?.write(into: &bytes) }
        bytes.append(UInt8(ascii: ">"))
    }

    private mutating func close(_ name: StaticString) {
        bytes += "</".utf8
        bytes += name.description.utf8
        bytes.append(UInt8(ascii: ">"))
    }

    /// Control characters have no place in a page and become spaces; line ends and tabs stay.
    static func escape(_ text: String, into bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case UInt8(ascii: "'"): bytes += "&#39;".utf8
            case 0x09, 0x0A, 0x0D: bytes.append(byte)
            case 0..<0x20, 0x7F: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
    }
}

/// One attribute of an element.
public struct Attribute: Sendable {
    private let name: StaticString
    private let value: String?

    private init(_ name: StaticString, _ value: String?) {
        self.name = name
        self.value = value
    }

    /// An attribute whose value is a plain text; not for addresses or scripts.
    public static func set(_ name: StaticString, _ value: String) -> Attribute {
        let text = name.description
        precondition(!text.hasPrefix("on") && !["href", "src", "action", "style", "srcdoc", "formaction"].contains(text), "use its own")
        return Attribute(name, value)
    }

    /// An attribute that is there or not, such as `required`; nil when it is not.
    public static func flag(_ name: StaticString, _ isThere: Bool = true) -> Attribute? { isThere ? Attribute(name, nil) : nil }

    /// The style classes.
    public static func style(_ names: String) -> Attribute { Attribute("class", names) }
    /// The anchor of an element.
    public static func id(_ id: String) -> Attribute { Attribute("id", id) }
    /// The name under which an input is sent.
    public static func name(_ name: String) -> Attribute { Attribute("name", name) }
    /// What an input holds.
    public static func value(_ value: String) -> Attribute { Attribute("value", value) }
    /// The sort of an input.
    public static func type(_ type: StaticString) -> Attribute { Attribute("type", type.description) }

    /// An address of this server; any other becomes `/`.
    public static func href(_ path: String) -> Attribute { Attribute("href", LocalPath.checked(path)) }
    /// An address of this server for a picture; any other becomes `/`.
    public static func source(_ path: String) -> Attribute { Attribute("src", LocalPath.checked(path)) }
    /// Where a form goes; any address but this server's becomes `/`.
    public static func action(_ path: String) -> Attribute { Attribute("action", LocalPath.checked(path)) }

    func write(into bytes: inout [UInt8]) {
        bytes.append(0x20)
        bytes += name.description.utf8
        guard let value else { return }
        bytes += "=\"".utf8
        HTML.escape(value, into: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }
}

/// Addresses within this server.
public enum LocalPath {
    /// The longest that is taken, in bytes.
    static let limit = 2_000

    /// The path, when it stays on this server, else `/`.
    ///
    /// `//host` and `/\host` lead elsewhere in browsers, and control characters are dropped by them.
    public static func checked(_ path: String) -> String {
        if path.hasPrefix("#") { return path }
        let bytes = Array(path.utf8.prefix(limit + 1))
        guard bytes.count <= limit, bytes.first == UInt8(ascii: "/"),
            bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }),
            bytes.count < 2 || bytes[1] != UInt8(ascii: "/")
        else { return "/" }
        return path
    }
}
