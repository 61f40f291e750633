import CXML

/// Sets the library up once, before threads meet in it.
private let libraryIsReady: Void = xmlInitParser()

extension XMLRPCReader {
    static func read(_ bytes: [UInt8], limits: XMLRPCLimits) throws(XMLRPCError) -> XMLRPCReader {
        guard bytes.count <= min(limits.maxBytes, Int(Int32.max)) else { throw .tooLarge(limits.maxBytes) }
        guard !bytes.isEmpty else { throw .empty }
        return try bytes.withUnsafeBufferPointer { (buffer) throws(XMLRPCError) -> XMLRPCReader in
            try XMLPrecheck.check(buffer)
            return try XMLEvents.read(buffer, limits: limits)
        }
    }
}

/// Carries the library's events to a reader, and stops the library at the first fault.
private final class XMLEvents {
    let reader: XMLRPCReader
    let context: xmlParserCtxtPtr
    /// The first thing that was wrong; events after it are ignored.
    var failure: XMLRPCError?

    init(_ reader: XMLRPCReader, _ context: xmlParserCtxtPtr) {
        self.reader = reader
        self.context = context
    }

    static func read(_ bytes: UnsafeBufferPointer<UInt8>, limits: XMLRPCLimits) throws(XMLRPCError) -> XMLRPCReader {
        _ = libraryIsReady
        guard
            let context = xmlCreateMemoryParserCtxt(
                UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
        else { throw .syntax(line: 1) }
        defer { xmlFreeParserCtxt(context) }
        // No network and no encoding but UTF-8. The library's own ceiling of 10 MB is lifted, for ours is checked already.
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue | XML_PARSE_HUGE.rawValue
        _ = xmlCtxtUseOptions(context, Int32(options))
        let events = XMLEvents(XMLRPCReader(limits: limits), context)
        context.pointee.sax.pointee = handler()
        context.pointee.userData = Unmanaged.passUnretained(events).toOpaque()
        let status = withExtendedLifetime(events) { xmlParseDocument(context) }
        if let failure = events.failure { throw failure }
        guard status == 0, context.pointee.wellFormed == 1 else { throw .syntax(line: events.line) }
        return events.reader
    }

    var line: Int { context.pointee.input.map { max(1, Int($0.pointee.line)) } ?? 1 }

    func handle(_ event: (XMLRPCReader) throws(XMLRPCError) -> Void) {
        guard failure == nil else { return }
        reader.line = line
        do {
            try event(reader)
        } catch {
            fail(error)
        }
    }

    func fail(_ error: XMLRPCError) {
        if failure == nil { failure = error }
        xmlStopParser(context)
    }

    /// Ends the parsing from within an error, where the library still holds pointers into the text that stopping would free.
    private func abandon(_ error: XMLRPCError) {
        if failure == nil { failure = error }
        context.pointee.disableSAX = 1
        context.pointee.instate = XML_PARSER_EOF
    }

    private static func handler() -> xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { pointer, name, _, _, _, _, _, _, _ in
            guard let name else { return }
            let tag = String(decodingCString: name, as: UTF8.self)
            XMLEvents.from(pointer)?.handle { (reader) throws(XMLRPCError) in try reader.start(tag) }
        }
        handler.endElementNs = { pointer, _, _, _ in
            XMLEvents.from(pointer)?.handle { (reader) throws(XMLRPCError) in try reader.end() }
        }
        handler.characters = { pointer, text, length in
            let bytes = UnsafeBufferPointer(start: text, count: Int(length))
            XMLEvents.from(pointer)?.handle { (reader) throws(XMLRPCError) in try reader.characters(bytes) }
        }
        handler.ignorableWhitespace = handler.characters
        handler.cdataBlock = handler.characters
        handler.internalSubset = { pointer, _, _, _ in
            guard let events = XMLEvents.from(pointer) else { return }
            events.fail(.docType(line: events.line))
        }
        // Without a handler the library would write to the standard error stream. An undeclared prefix is an error, too.
        handler.serror = { pointer, error in
            guard let events = XMLEvents.from(pointer), let error, error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
            events.abandon(.syntax(line: events.line))
        }
        return handler
    }

    private static func from(_ pointer: UnsafeMutableRawPointer?) -> XMLEvents? {
        pointer.map { Unmanaged<XMLEvents>.fromOpaque($0).takeUnretainedValue() }
    }
}
