import Foundation

/// What FHIR R4 says about its types, value sets and search parameters.
///
/// The tables lie beside the program and are read when first asked for; a type's lines are understood when that type
/// is first met. Safe to use from any thread.
public final class FHIRDefinitions: @unchecked Sendable {
    /// The definitions of FHIR R4 (4.0.1).
    public static let shared: FHIRDefinitions = {
        guard let folder = Bundle.module.url(forResource: "Definitions", withExtension: nil),
            let definitions = try? FHIRDefinitions(folder: folder)
        else { preconditionFailure("The folder Definitions of module FHIR is missing beside the program.") }
        return definitions
    }()

    private let types: FHIRTable
    private let codes: FHIRTable
    private let searches: FHIRTable
    private let openChoice: String
    private let lock = NSLock()
    private var shapes: [String: FHIRShape] = [:]
    private var valueSets: [String: FHIRValueSet] = [:]

    /// Reads the tables `types.txt`, `codes.txt` and `search.txt` of a folder.
    ///
    /// - Throws: Foundation's error when a table cannot be read.
    public init(folder: URL) throws {
        types = FHIRTable(try Data(contentsOf: folder.appendingPathComponent("types.txt")), style: .blocks)
        codes = FHIRTable(try Data(contentsOf: folder.appendingPathComponent("codes.txt")), style: .lines)
        searches = FHIRTable(try Data(contentsOf: folder.appendingPathComponent("search.txt")), style: .blocks)
        openChoice = types.heading
    }

    /// Whether R4 has a resource type of this name that may appear in the world.
    public func isResourceType(_ name: String) -> Bool {
        guard FHIRDefinitions.isTypeName(name), let shape = shape(name) else { return false }
        return shape.isResource && !shape.isAbstract
    }

    /// All resource types that may appear in the world, sorted by name.
    public var resourceTypes: [String] { types.names.filter(isResourceType).sorted() }

    /// All data types and resource types of the tables, abstract ones included, sorted by name.
    package var typeNames: [String] { types.names.sorted() }

    /// The search parameters of a resource type, those of every resource included; few types have any here.
    public func searchParameters(of type: String) -> [FHIRSearchParameter] {
        ["Resource", type].flatMap { searches.lines($0).compactMap(FHIRSearchParameter.init(line:)) }
    }

    /// The codes of a required value set, or nil when there is no such set or its codes cannot be listed.
    func valueSet(_ name: String) -> FHIRValueSet? {
        lock.withLock {
            if let known = valueSets[name] { return known }
            guard let line = codes.lines(name).first else { return nil }
            let read = FHIRValueSet(words: line.split(separator: " "))
            valueSets[name] = read
            return read
        }
    }

    /// The shape of a type (`Task`) or of a backbone in it (`Task.input`).
    func shape(_ name: String) -> FHIRShape? { lock.withLock { lockedShape(name) } }

    private func lockedShape(_ name: String) -> FHIRShape? {
        if let known = shapes[name] { return known }
        let type = name.prefix { $0 != "." }
        guard shapes[String(type)] == nil, let heading = types.heading(of: String(type)) else { return nil }
        let parent = heading.parent.flatMap(lockedShape)
        let reader = FHIRShapeReader(
            type: String(type), isResource: type == "Resource" || parent?.isResource == true, isAbstract: heading.isAbstract,
            lines: types.lines(String(type)), openChoice: openChoice, inherited: { self.lockedShape($0)?.elements ?? [] })
        shapes.merge(reader.shapes(parent: heading.parent)) { old, _ in old }
        return shapes[name]
    }

    /// Whether the text looks like a type's name, so that no other text is looked up.
    static func isTypeName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x41...0x5A).contains(first), text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
    }
}
