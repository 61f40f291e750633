import Kernel

/// Cleans any text as formatted text: what comes out stays as it is when cleaned again, and holds nothing that could run.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let clean = HTMLSanitiser.clean(String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self))
    if HTMLSanitiser.clean(clean) != clean { fatalError("cleaning twice changes more than cleaning once") }
    let bytes = Array(clean.utf8)
    var place = 0
    while let start = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: ">")) else { fatalError("a tag does not end") }
        check(String(decoding: bytes[(start + 1)..<end], as: UTF8.self))
        place = end + 1
    }
    return 0
}

/// Checks the inside of one tag, as a browser would read it.
private func check(_ tag: String) {
    let lower = tag.lowercased()
    if ["script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "link", "meta", "base"].contains(
        where: lower.hasPrefix)
    {
        fatalError("a tag that is not harmless: \(tag)")
    }
    // By scalars: a mark that joins a quotation mark would hide it from a look at characters.
    var rest = Substring(tag).unicodeScalars
    while let quote = rest.firstIndex(of: "\"") {
        let name = String(rest[..<quote].split(separator: " ").last.map { String($0.dropLast()) } ?? "")
        let value = rest[rest.index(after: quote)...]
        guard let end = value.firstIndex(of: "\"") else { fatalError("an attribute does not end: \(tag)") }
        if name.lowercased().hasPrefix("on") || name == "style" || name == "src" { fatalError("an attribute that runs: \(tag)") }
        if name == "href" {
            let scheme = String(String.UnicodeScalarView(value[..<end].filter { $0.value > 0x20 && !$0.properties.isWhitespace }))
                .lowercased()
            if scheme.hasPrefix("javascript:") || scheme.hasPrefix("data:") || scheme.hasPrefix("vbscript:") {
                fatalError("a link that runs: \(tag)")
            }
        }
        rest = value[value.index(after: end)...]
    }
}
