import CXML

/// The namespaces of DMN's versions.
enum DMNNamespace {
    /// DMN 1.3, the one that is written.
    static let model = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    /// Those that are read: 1.1 to 1.5.
    static let known: Set<String> = [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/", model,
        "https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ]
}

/// One element of DMN with what stands in it; elements of other namespaces are left out.
final class DMNElement {
    let name: String
    let line: Int
    let attributes: [String: String]
    var children: [DMNElement] = []
    var text: [UInt8] = []

    init(_ name: String, _ attributes: [String: String], line: Int) {
        self.name = name
        self.attributes = attributes
        self.line = line
    }

    subscript(_ attribute: String) -> String { attributes[attribute] ?? "" }

    func first(_ name: String) -> DMNElement? { children.first { $0.name == name } }
    func all(_ name: String) -> [DMNElement] { children.filter { $0.name == name } }
}

/// Sets the library up once, before threads meet in it.
private let libraryIsReady: Void = xmlInitParser()

/// Carries the library's events into a tree, and stops the library at the first fault.
final class DMNTree {
    private let context: xmlParserCtxtPtr
    private let limits: DMNLimits
    private var root: DMNElement?
    private var open: [DMNElement] = []
    /// How many elements of other namespaces are open.
    private var foreign = 0
    private var count = 0
    private var failure: DMNError?

    private init(_ context: xmlParserCtxtPtr, _ limits: DMNLimits) {
        self.context = context
        self.limits = limits
    }

    static func read(_ bytes: [UInt8], limits: DMNLimits) throws(DMNError) -> DMNElement {
        guard bytes.count <= min(limits.maxBytes, Int(Int32.max)) else { throw .tooLarge(limits.maxBytes) }
        guard !bytes.isEmpty else { throw .notDMN(line: 1) }
        return try bytes.withUnsafeBufferPointer { (buffer) throws(DMNError) -> DMNElement in
            try DMNPrecheck.check(buffer)
            return try parse(buffer, limits: limits)
        }
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, limits: DMNLimits) throws(DMNError) -> DMNElement {
        _ = libraryIsReady
        guard
            let context = xmlCreateMemoryParserCtxt(
                UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
        else { throw .syntax(line: 1) }
        defer { xmlFreeParserCtxt(context) }
        // No network and no encoding but UTF-8. Entities are replaced so that `&amp;` in attributes arrives as `&`; the check
        // before has refused every entity of the sender's own. The library's ceiling of 10 MB is lifted, for ours is checked already.
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue | XML_PARSE_HUGE.rawValue | XML_PARSE_NOENT.rawValue
        _ = xmlCtxtUseOptions(context, Int32(options))
        let tree = DMNTree(context, limits)
        context.pointee.sax.pointee = handler()
        context.pointee.userData = Unmanaged.passUnretained(tree).toOpaque()
        let status = withExtendedLifetime(tree) { xmlParseDocument(context) }
        if let failure = tree.failure { throw failure }
        guard status == 0, context.pointee.wellFormed == 1 else { throw .syntax(line: tree.line) }
        guard let root = tree.root else { throw .notDMN(line: 1) }
        return root
    }

    private var line: Int { context.pointee.input.map { max(1, Int($0.pointee.line)) } ?? 1 }

    private func start(_ name: String, _ namespace: String?, _ attributes: () -> [String: String]) {
        guard failure == nil else { return }
        count += 1
        let depth = open.count + foreign
        guard depth < min(limits.maxDepth, DMNLimits.deepest) else { return fail(.tooDeep(limits.maxDepth, line: line)) }
        guard count <= limits.maxElements else { return fail(.tooMany(limits.maxElements, line: line)) }
        guard foreign == 0, let namespace, DMNNamespace.known.contains(namespace) else {
            guard root != nil else { return fail(.notDMN(line: line)) }
            foreign += 1
            return
        }
        let element = DMNElement(name, attributes(), line: line)
        if let parent = open.last { parent.children.append(element) } else { root = element }
        open.append(element)
    }

    private func end() {
        guard failure == nil else { return }
        if foreign > 0 { foreign -= 1 } else { open.removeLast() }
    }

    private func characters(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard failure == nil, foreign == 0, let element = open.last else { return }
        element.text.append(contentsOf: bytes)
    }

    private func fail(_ error: DMNError) {
        if failure == nil { failure = error }
        xmlStopParser(context)
    }

    /// Ends the parsing from within an error, where the library still holds pointers into the text that stopping would free.
    private func abandon(_ error: DMNError) {
        if failure == nil { failure = error }
        context.pointee.disableSAX = 1
        context.pointee.instate = XML_PARSER_EOF
    }

    private static func handler() -> xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { pointer, name, _, uri, _, _, count, _, attributes in
            guard let name else { return }
            let namespace = uri.map { String(decodingCString: $0, as: UTF8.self) }
            DMNTree.from(pointer)?.start(String(decodingCString: name, as: UTF8.self), namespace) { plain(attributes, Int(count)) }
        }
        handler.endElementNs = { pointer, _, _, _ in DMNTree.from(pointer)?.end() }
        handler.characters = { pointer, text, length in
            DMNTree.from(pointer)?.characters(UnsafeBufferPointer(start: text, count: Int(length)))
        }
        handler.ignorableWhitespace = handler.characters
        handler.cdataBlock = handler.characters
        handler.internalSubset = { pointer, _, _, _ in
            guard let tree = DMNTree.from(pointer) else { return }
            tree.fail(.docType(line: tree.line))
        }
        // Without a handler the library would write to the standard error stream. An undeclared prefix is an error, too.
        handler.serror = { pointer, error in
            guard let tree = DMNTree.from(pointer), let error, error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
            tree.abandon(.syntax(line: tree.line))
        }
        return handler
    }

    private static func from(_ pointer: UnsafeMutableRawPointer?) -> DMNTree? {
        pointer.map { Unmanaged<DMNTree>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// The attributes without a namespace, from the library's five pointers each: name, prefix, namespace, value and its end.
private func plain(_ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int) -> [String: String] {
    var result: [String: String] = [:]
    guard let attributes else { return result }
    for place in 0..<count {
        let parts = attributes + place * 5
        guard parts[2] == nil, let name = parts[0], let start = parts[3], let end = parts[4] else { continue }
        let value = UnsafeBufferPointer(start: start, count: end - start)
        result[String(decodingCString: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
    }
    return result
}
