import CXML

/// The beginning of an element.
public struct XMLTag {
    /// The name without its prefix.
    public let name: String
    /// The namespace; nil for none.
    public let namespace: String?
    private let parts: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    private let count: Int

    init(_ name: String, _ namespace: String?, _ parts: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int) {
        self.name = name
        self.namespace = namespace
        self.parts = parts
        self.count = count
    }

    /// The attributes without a namespace; to be asked while the event is handled, and not later.
    public var attributes: [String: String] {
        var result: [String: String] = [:]
        guard let parts else { return result }
        // The library gives five pointers each: name, prefix, namespace, value and its end.
        for place in 0..<count {
            let part = parts + place * 5
            guard part[2] == nil, let name = part[0], let start = part[3], let end = part[4] else { continue }
            let value = UnsafeBufferPointer(start: start, count: end - start)
            result[String(decodingCString: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
        }
        return result
    }
}

/// What takes the events of a document in their order.
public protocol XMLHandler: AnyObject {
    /// What it refuses with.
    associatedtype Failure: Error
    /// A fault of the text as one of its own refusals.
    func failure(_ fault: XMLFault) -> Failure
    /// An element begins.
    func start(_ tag: XMLTag, line: Int) throws(Failure)
    /// The innermost element ends.
    func end(line: Int) throws(Failure)
    /// Text of the innermost element, perhaps a part of it.
    func characters(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) throws(Failure)
}

/// Reads XML strictly: UTF-8 only, no document type, no entity but the five of XML, no network, and named limits.
public enum XMLReader {
    /// Hands a document's events to a handler, and stops at the first fault or refusal.
    ///
    /// - Throws: What the handler refuses, or makes of a fault.
    public static func read<Handler: XMLHandler>(
        _ bytes: [UInt8], limits: XMLLimits = XMLLimits(), into handler: Handler
    ) throws(Handler.Failure) {
        let fault = bytes.count > min(limits.maxBytes, Int(Int32.max)) ? XMLFault.tooLarge(limits.maxBytes) : bytes.isEmpty ? .empty : nil
        if let fault { throw handler.failure(fault) }
        let target = XMLTarget(handler)
        let found = bytes.withUnsafeBufferPointer { buffer -> XMLFault? in
            do throws(XMLFault) {
                try XMLPrecheck.check(buffer, limits)
                try XMLEvents.read(buffer, into: target)
                return nil
            } catch { return error }
        }
        if let failure = target.failure { throw failure }
        if let found { throw handler.failure(found) }
    }
}

/// A handler behind the library's callbacks, which know nothing of its type.
private class XMLSink {
    var hasFailed: Bool { false }
    func start(_ tag: XMLTag, line: Int) {}
    func end(line: Int) {}
    func characters(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) {}
}

/// Keeps the first refusal of a handler.
private final class XMLTarget<Handler: XMLHandler>: XMLSink {
    private let handler: Handler
    private(set) var failure: Handler.Failure?

    init(_ handler: Handler) { self.handler = handler }

    override var hasFailed: Bool { failure != nil }
    override func start(_ tag: XMLTag, line: Int) {
        do throws(Handler.Failure) { try handler.start(tag, line: line) } catch { failure = error }
    }
    override func end(line: Int) { do throws(Handler.Failure) { try handler.end(line: line) } catch { failure = error } }
    override func characters(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) {
        do throws(Handler.Failure) { try handler.characters(bytes, line: line) } catch { failure = error }
    }
}

/// Sets the library up once, before threads meet in it.
private let libraryIsReady: Void = xmlInitParser()

/// Carries the library's events to a handler, and stops the library at the first fault.
private final class XMLEvents {
    private let context: xmlParserCtxtPtr
    private let sink: XMLSink
    /// The first thing that was wrong; events after it are ignored.
    private var fault: XMLFault?

    private init(_ context: xmlParserCtxtPtr, _ sink: XMLSink) {
        self.context = context
        self.sink = sink
    }

    static func read(_ bytes: UnsafeBufferPointer<UInt8>, into sink: XMLSink) throws(XMLFault) {
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
        let events = XMLEvents(context, sink)
        context.pointee.sax.pointee = handler()
        context.pointee.userData = Unmanaged.passUnretained(events).toOpaque()
        let status = withExtendedLifetime(events) { xmlParseDocument(context) }
        if let fault = events.fault { throw fault }
        if sink.hasFailed { return }
        guard status == 0, context.pointee.wellFormed == 1 else { throw .syntax(line: events.line) }
    }

    private var line: Int { context.pointee.input.map { max(1, Int($0.pointee.line)) } ?? 1 }

    private func handle(_ event: (XMLSink, Int) -> Void) {
        guard fault == nil, !sink.hasFailed else { return }
        event(sink, line)
        if sink.hasFailed { xmlStopParser(context) }
    }

    private func fail(_ fault: XMLFault) {
        if self.fault == nil, !sink.hasFailed { self.fault = fault }
        xmlStopParser(context)
    }

    /// Ends the parsing from within an error, where the library still holds pointers into the text that stopping would free.
    private func abandon(_ fault: XMLFault) {
        if self.fault == nil, !sink.hasFailed { self.fault = fault }
        context.pointee.disableSAX = 1
        context.pointee.instate = XML_PARSER_EOF
    }

    private static func handler() -> xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { pointer, name, _, uri, _, _, count, _, attributes in
            guard let name else { return }
            let tag = XMLTag(
                String(decodingCString: name, as: UTF8.self), uri.map { String(decodingCString: $0, as: UTF8.self) }, attributes, Int(count)
            )
            XMLEvents.from(pointer)?.handle { $0.start(tag, line: $1) }
        }
        handler.endElementNs = { pointer, _, _, _ in XMLEvents.from(pointer)?.handle { $0.end(line: $1) } }
        handler.characters = { pointer, text, length in
            let bytes = UnsafeBufferPointer(start: text, count: Int(length))
            XMLEvents.from(pointer)?.handle { $0.characters(bytes, line: $1) }
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
