/// Builds a message from the parser's events.
final class XMLRPCReader {
    /// An array or struct that is still open.
    struct Container {
        var elements: [XMLRPCValue] = []
        var members: [XMLRPCStructure.Member] = []
        var name: String?
        var hasData = false
    }

    private(set) var root: XMLRPCElement?
    private(set) var methodName: String?
    private(set) var parameters: [XMLRPCValue] = []
    private(set) var fault: XMLRPCValue?
    /// The line of the event now being handled.
    var line = 1

    private let maxDepth: Int
    private var hasParameters = false
    private var open: [XMLRPCElement] = []
    private var containers: [Container] = []
    private var text: [UInt8] = []
    /// What the innermost open `value` holds so far.
    private var current: XMLRPCValue?

    init(limits: XMLRPCLimits) { maxDepth = min(limits.maxDepth, XMLRPCLimits.deepest) }

    func start(_ name: String) throws(XMLRPCError) {
        guard let element = XMLRPCElement(rawValue: name), element.mayStand(in: open.last), !isFull(for: element) else {
            throw .unexpected("An element stands where XML-RPC has none of that name. Correct it at this line.", line: line)
        }
        if open.isEmpty { root = element }
        if open.last == .value { try refuseText() }
        open.append(element)
        text.removeAll(keepingCapacity: true)
        switch element {
        case .value: current = nil
        case .params: hasParameters = true
        case .data: withContainer { $0.hasData = true }
        case .array, .structure:
            guard containers.count < maxDepth else { throw .tooDeep(maxDepth, line: line) }
            containers.append(Container())
        default: break
        }
    }

    /// Whether the place that the element would take is taken already.
    private func isFull(for element: XMLRPCElement) -> Bool {
        switch element {
        case .methodName: methodName != nil
        case .fault: fault != nil
        case .params: hasParameters
        case .data: containers.last?.hasData == true
        case .name: containers.last?.name != nil
        case .value:
            open.last == .param || open.last == .fault ? current != nil : open.last == .member && containers.last?.name == nil
        default: open.last == .value && current != nil
        }
    }

    func characters(_ bytes: UnsafeBufferPointer<UInt8>) throws(XMLRPCError) {
        guard let element = open.last, element.holdsText, !(element == .value && current != nil) else {
            guard bytes.allSatisfy(isSpace) else { throw strayText() }
            return
        }
        text.append(contentsOf: bytes)
    }

    private func refuseText() throws(XMLRPCError) {
        guard text.allSatisfy(isSpace) else { throw strayText() }
    }

    private func strayText() -> XMLRPCError { .unexpected("Text stands between elements. Put it into a `string`.", line: line) }

    func end() throws(XMLRPCError) {
        guard let element = open.popLast() else { return }
        switch element {
        case .methodName: methodName = try takeText()
        case .name:
            let name = try takeText()
            withContainer { $0.name = name }
        case .value:
            if let current { place(current) } else { place(.string(try takeText())) }
        case .array, .structure: close(element)
        case .member:
            guard containers.last?.name == nil else { throw .unexpected("A member needs a value after its name.", line: line) }
        case .param:
            guard let value = current else { throw .unexpected("A parameter needs a value.", line: line) }
            parameters.append(value)
            current = nil
        case .fault:
            guard let value = current else { throw .unexpected("A fault needs a value.", line: line) }
            fault = value
            current = nil
        case .methodCall, .methodResponse, .params, .data: break
        default: current = try XMLRPCScalar.value(of: element, text: text, line: line)
        }
        text.removeAll(keepingCapacity: true)
    }

    /// Hands a finished value to what holds it.
    private func place(_ value: XMLRPCValue) {
        switch open.last {
        case .data:
            withContainer { $0.elements.append(value) }
            current = nil
        case .member:
            withContainer { container in
                container.members.append(XMLRPCStructure.Member(name: container.name ?? "", value: value))
                container.name = nil
            }
            current = nil
        default: current = value
        }
    }

    private func close(_ element: XMLRPCElement) {
        guard let container = containers.popLast() else { return }
        current = element == .array ? .array(container.elements) : .structure(XMLRPCStructure(container.members))
    }

    private func withContainer(_ change: (inout Container) -> Void) {
        precondition(!containers.isEmpty, "a member or data stands in a container only")
        change(&containers[containers.count - 1])
    }

    private func takeText() throws(XMLRPCError) -> String {
        guard let string = String(validating: text, as: UTF8.self) else { throw .encoding(line: line) }
        return string
    }
}

/// Whether the byte is white space of XML.
func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
