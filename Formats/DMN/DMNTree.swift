import XML

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

/// Builds a tree from the events of a text.
final class DMNTree: XMLHandler {
    typealias Failure = DMNError

    private let limits: DMNLimits
    private var root: DMNElement?
    private var open: [DMNElement] = []
    /// How many elements of other namespaces are open.
    private var foreign = 0
    private var count = 0

    private init(_ limits: DMNLimits) { self.limits = limits }

    static func read(_ bytes: [UInt8], limits: DMNLimits) throws(DMNError) -> DMNElement {
        let tree = DMNTree(limits)
        try XMLReader.read(bytes, limits: limits.xml, into: tree)
        guard let root = tree.root else { throw .notDMN(line: 1) }
        return root
    }

    func failure(_ fault: XMLFault) -> DMNError { fault.kind == .empty ? .notDMN(line: 1) : DMNError(fault) }

    func start(_ tag: XMLTag, line: Int) throws(DMNError) {
        count += 1
        guard open.count + foreign < min(limits.maxDepth, DMNLimits.deepest) else { throw .tooDeep(limits.maxDepth, line: line) }
        guard count <= limits.maxElements else { throw .tooMany(limits.maxElements, line: line) }
        guard foreign == 0, let namespace = tag.namespace, DMNNamespace.known.contains(namespace) else {
            guard root != nil else { throw .notDMN(line: line) }
            foreign += 1
            return
        }
        let element = DMNElement(tag.name, tag.attributes, line: line)
        if let parent = open.last { parent.children.append(element) } else { root = element }
        open.append(element)
    }

    func end(line: Int) { if foreign > 0 { foreign -= 1 } else { open.removeLast() } }

    func characters(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) {
        guard foreign == 0, let element = open.last else { return }
        element.text.append(contentsOf: bytes)
    }
}
