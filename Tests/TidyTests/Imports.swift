/// The direction of imports, DESIGN §2: `baton → Operations → Doors → Apps → Automation, Workflow, Intelligence, Insight → Engine → Store → Kernel`.
enum Imports {
    /// A room of the house, and how high it stands; an import goes to a lower room.
    private static let heights: [(folder: String, height: Int)] = [
        ("Formats", 0), ("Sources/Crypto", 0), ("Sources/Kernel", 1), ("Sources/Views", 2), ("Sources/StoreSQLite", 3),
        ("Sources/StorePostgres", 3),
        ("Sources/Store", 2),
        ("Sources/Engine", 4), ("Sources/Automation", 5), ("Sources/Workflow", 5), ("Sources/WorkflowNodes", 6),
        ("Sources/Intelligence", 5),
        ("Sources/Insight", 5), ("Apps", 7), ("Connectors", 7), ("Sources/Doors", 8), ("Sources/TestKit", 9),
        ("Sources/Operations", 10), ("Sources/baton", 11),
    ]
    /// Only these wire a driver in; everything else knows the contract.
    private static let mayNameDrivers = ["Sources/baton", "Sources/Operations", "Sources/TestKit"]
    private static let drivers: Set<String> = ["StoreSQLite", "StorePostgres"]

    static func offences(_ files: [ScannedFile], _ manifest: Manifest) -> [Offence] {
        files.flatMap { scanned in imports(in: scanned).compactMap { offence(scanned.file, $0.name, $0.line, manifest) } }
            + circles(manifest)
    }

    private static func offence(_ file: TextFile, _ name: String, _ line: Int, _ manifest: Manifest) -> Offence? {
        guard let target = manifest.modules.first(where: { $0.name == name }), let from = height(of: file.path) else { return nil }
        let own = manifest.module(of: file.path)
        if let own, own.name != name, !own.needs.contains(name) {
            return Offence(path: file.path, line: line, what: "imports \(name), which Package.swift does not name for \(own.name)")
        }
        if file.isUnder(["Formats"]), !sharedFormats.contains(name) {
            return Offence(path: file.path, line: line, what: "imports \(name); a format imports nothing of ours but JSON and XML")
        }
        if drivers.contains(name), !file.isUnder(mayNameDrivers), own?.name != name {
            return Offence(path: file.path, line: line, what: "imports \(name); only the command, Operations and TestKit name a driver")
        }
        let to = height(of: target.path + "/") ?? 0
        guard to > from || to == from && !mayStandBeside(file, target) else { return nil }
        return Offence(path: file.path, line: line, what: "imports \(name), which stands above or beside it; imports go down the house")
    }

    /// Notations in which other notations are written.
    private static let sharedFormats: Set<String> = ["JSON", "XML"]

    /// What doors stand on: HTTP, pages for people, and the methods that every model has.
    private static let doorsGround = ["Sources/Doors/HTTP", "Sources/Doors/Pages", "Sources/Doors/RPC"]

    /// Apps extend apps (Package.swift names which), formats share JSON and XML, doors stand on the ground that they share.
    private static func mayStandBeside(_ file: TextFile, _ target: Manifest.Module) -> Bool {
        file.isUnder(["Apps"]) && target.path.hasPrefix("Apps/") || sharedFormats.contains(target.name) || doorsGround.contains(target.path)
    }

    private static func height(of path: String) -> Int? { heights.first { path.hasPrefix($0.folder + "/") }?.height }

    /// The modules that a file imports, with their lines.
    static func imports(in file: ScannedFile) -> [(name: String, line: Int)] {
        file.codeLines(with: ["import "]).compactMap { number, line in
            guard
                let match = line.firstMatch(
                    of:
                        #/^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|typealias|var|let)\s+)?(\w+)/#
                )
            else { return nil }
            return (String(match.1), number)
        }
    }

    /// Modules that need each other, directly or through others.
    private static func circles(_ manifest: Manifest) -> [Offence] {
        let needs = Dictionary(manifest.modules.map { ($0.name, $0.needs) }, uniquingKeysWith: { first, _ in first })
        return manifest.modules.filter { reaches($0.name, from: $0.needs, needs) }
            .map { Offence(path: "Package.swift", line: 0, what: "\($0.name) needs itself in a circle") }
    }

    private static func reaches(_ name: String, from start: [String], _ needs: [String: [String]]) -> Bool {
        var seen: Set<String> = []
        var waiting = start
        while let next = waiting.popLast() {
            if next == name { return true }
            if seen.insert(next).inserted { waiting += needs[next] ?? [] }
        }
        return false
    }
}
