import Testing
import XML

/// Writes events down, and refuses an element of a name.
private final class Scribe: XMLHandler {
    enum Stop: Error, Equatable {
        case fault(XMLFault.Kind, line: Int)
        case refused(String)
    }
    typealias Failure = Stop
    private(set) var events: [String] = []

    func failure(_ fault: XMLFault) -> Stop { .fault(fault.kind, line: fault.line) }

    func start(_ tag: XMLTag, line: Int) throws(Stop) {
        if tag.name == "no" { throw .refused("no at \(line)") }
        let attributes = tag.attributes.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        events.append("<\(tag.namespace.map { "{\($0)}" } ?? "")\(tag.name)\(attributes)@\(line)")
    }

    func end(line: Int) { events.append(">") }
    func characters(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) { events.append(String(decoding: bytes, as: UTF8.self)) }
}

@Suite struct ReadingTests {
    private func read(_ bytes: [UInt8], _ limits: XMLLimits = XMLLimits()) -> (events: [String], stop: Scribe.Stop?) {
        let scribe = Scribe()
        do throws(Scribe.Stop) {
            try XMLReader.read(bytes, limits: limits, into: scribe)
            return (scribe.events, nil)
        } catch { return (scribe.events, error) }
    }

    private func read(_ text: String, _ limits: XMLLimits = XMLLimits()) -> (events: [String], stop: Scribe.Stop?) {
        read(Array(text.utf8), limits)
    }

    private func kind(_ text: String, _ limits: XMLLimits = XMLLimits()) -> XMLFault.Kind? {
        if case .fault(let kind, _) = read(text, limits).stop { return kind }
        return nil
    }

    @Test("elements, namespaces, attributes, text and lines arrive in order; the five entities are replaced")
    func events() {
        let text = "\u{FEFF}<?xml version='1.0'?>\n<a xmlns='u' b='1 &amp; 2' xmlns:p='v' p:c='3'>\n<p:d/>x&lt;<![CDATA[<y>]]></a>"
        let found = read(text)
        #expect(found.stop == nil)
        #expect(found.events.first == "<{u}a b=1 & 2@2")
        #expect(found.events.contains("<{v}d@3"))
        #expect(found.events.filter { !$0.hasPrefix("<") && $0 != ">" }.joined() == "\nx<<y>" || found.events.contains("<y>"))
        #expect(found.events.last == ">")
    }

    @Test("no document type and no entity of the sender's own reaches the parser")
    func documentTypes() {
        for prefix in ["<!DOCTYPE a>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>", "<!ENTITY x 'y'>"] {
            #expect(kind(prefix + "<a/>") == .docType)
            #expect(kind("<?xml version='1.0'?><!-- c -->" + prefix + "<a/>") == .docType)
        }
        #expect(kind("<a>&b;</a>") == .syntax)
    }

    @Test("every limit is held, and refused with its kind before the parser pays for it")
    func limits() {
        #expect(kind("<a/>", XMLLimits(maxBytes: 3)) == .tooLarge)
        #expect(kind("<a b='\(String(repeating: "x", count: 50))'/>", XMLLimits(maxTagBytes: 40)) == .tooLarge)
        #expect(kind("<r><a b=''/><a b=''/></r>", XMLLimits(maxAttributes: 1)) == .tooLarge)
        #expect(kind("<a b='' c=''/>", XMLLimits(maxTagAttributes: 1)) == .tooLarge)
        #expect(kind("<a xmlns:b='u' xmlns:c='v'/>", XMLLimits(maxDeclarations: 1)) == .tooLarge)
        #expect(kind("<?b?><?c?><a/>", XMLLimits(maxInstructions: 1)) == .tooLarge)
        #expect(kind("<a b='' c=''/>") == nil)
    }

    @Test("what is not UTF-8 or not well-formed is refused with its line; an empty text has a kind of its own")
    func syntax() {
        #expect(read("").stop == .fault(.empty, line: 1))
        #expect(read("<a>\n</b>").stop == .fault(.syntax, line: 2))
        #expect(read("<a/><a/>").stop == .fault(.syntax, line: 1))
        #expect(read(Array("<a>".utf8) + [0] + Array("</a>".utf8)).stop == .fault(.encoding, line: 1))
        #expect(read(Array("<a>".utf8) + [0xE9] + Array("</a>".utf8)).stop == .fault(.syntax, line: 1))
        for text in ["a", "<p:a/>", "<a b='1' b='2'/>", "<a", "<a>"] { #expect(kind(text) == .syntax, "\(text)") }
    }

    @Test("a handler's refusal ends the reading at once and is what the caller gets")
    func refusals() {
        let found = read("<a>\n<no/><b/></a>")
        #expect(found.stop == .refused("no at 2"))
        #expect(!found.events.contains { $0.hasPrefix("<b") })
        // A fault that comes after a refusal does not take its place.
        #expect(read("<a><no/></b>").stop == .refused("no at 1"))
    }
}
