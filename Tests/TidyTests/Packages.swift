/// Debian packages: named, sorted, and complete for the C libraries that `Package.swift` imports.
enum Packages {
    /// The Debian package of each pkg-config name that we use.
    private static let debian = [
        "libmicrohttpd": "libmicrohttpd-dev", "sqlite3": "libsqlite3-dev", "libsodium": "libsodium-dev", "libxml-2.0": "libxml2-dev",
        "yaml-0.1": "libyaml-dev", "poppler-glib": "libpoppler-glib-dev", "lept": "libleptonica-dev", "zlib": "zlib1g-dev",
        "tesseract": "libtesseract-dev",
        "libcurl": "libcurl4-openssl-dev", "javascriptcoregtk-4.1": "libjavascriptcoregtk-4.1-dev", "gmime-3.0": "libgmime-3.0-dev",
        "libpq": "libpq-dev", "libqrencode": "libqrencode-dev",
        "openssl": "libssl-dev",
    ]

    /// - Parameter used: Whether a system target's folder exists.
    static func missing(_ manifest: Manifest, list: TextFile, used: (String) -> Bool) -> [Offence] {
        let named = Set(names(in: list))
        return manifest.systems.filter { used($0.target) }.compactMap { target, pkgConfig in
            guard let package = debian[pkgConfig] else {
                return Offence(
                    path: "Tests/TidyTests/Packages.swift", line: 0,
                    what: "no Debian package is known for \(pkgConfig) (\(target)); add it to the table")
            }
            return named.contains(package) ? nil : Offence(path: list.path, line: 0, what: "\(package) is missing; \(target) needs it")
        }
    }

    static func unsorted(_ list: TextFile) -> [Offence] {
        let names = names(in: list)
        guard names != Array(Set(names)).sorted() else { return [] }
        return [Offence(path: list.path, line: 0, what: "keep one package to a line, sorted, each once")]
    }

    private static func names(in list: TextFile) -> [String] {
        list.lines.map(\.trimmed).filter { !$0.isEmpty && !$0.hasPrefix("#") }
    }
}
