/// What `Package.swift` says about our targets, read as text so that no second build is needed.
///
/// Shape: the calls `module("Name", "path", [needs])`, `system("CName", pkgConfig: "name")` and the arrays they use.
struct Manifest {
    struct Module: Equatable {
        let name: String
        let path: String
        let needs: [String]
    }

    private(set) var modules: [Module] = []
    /// pkg-config names by system target.
    private(set) var systems: [(target: String, pkgConfig: String)] = []

    init(_ text: String) {
        let flat = text.split(separator: "\n").filter { !$0.trimmed.hasPrefix("//") }.joined(separator: " ")
        var arrays: [String: [String]] = [:]
        for match in flat.matches(of: #/let (\w+) = (\[[^\]]*\](?:\s*\+\s*(?:\w+|\[[^\]]*\]))*)/#) {
            arrays[String(match.1)] = Self.names(in: match.2, arrays)
        }
        for match in flat.matches(of: #/module\(\s*"(\w+)",\s*"([^"]+)",\s*((?:\w+|\[[^\]]*\])(?:\s*\+\s*(?:\w+|\[[^\]]*\]))*)/#) {
            modules.append(Module(name: String(match.1), path: String(match.2), needs: Self.names(in: match.3, arrays)))
        }
        for match in flat.matches(of: #/system\("(\w+)", pkgConfig: "([^"]+)"\)/#) {
            systems.append((String(match.1), String(match.2)))
        }
    }

    /// The module whose folder is the longest prefix of a path.
    func module(of path: String) -> Module? {
        modules.filter { path.hasPrefix($0.path + "/") }.max { $0.path.count < $1.path.count }
    }

    private static func names(in expression: Substring, _ arrays: [String: [String]]) -> [String] {
        expression.matches(of: #/"(\w+)"|(\w+)/#).flatMap { match in
            match.1.map { [String($0)] } ?? arrays[String(match.2 ?? "")] ?? []
        }
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: String {
        let noLead = drop { $0.isWhitespace }
        return String(noLead.reversed().drop { $0.isWhitespace }.reversed())
    }
}
