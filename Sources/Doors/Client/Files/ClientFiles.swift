import Crypto
import Foundation
import HTTPServer
import Kernel

/// The client's files, read once, packed once, and served under a name that holds the hash of all of them.
///
/// Modules import each other by relative paths, so that one hash in the folder's name makes every one of them immutable.
final class ClientFiles: Sendable {
    /// One file as it is sent.
    struct File: Sendable {
        let type: String
        let bytes: [UInt8]
        /// gzip's form; nil where it would not be shorter.
        let packed: [UInt8]?
        /// Brotli's form, where the folder holds it beside the file; nil otherwise.
        var brotli: [UInt8]?
    }

    /// All files at one moment.
    struct Build: Sendable {
        let name: String
        let files: [String: File]
        let page: File
    }

    /// The largest file, and the most files.
    private static let fileBytes = 4 << 20
    private static let fileLimit = 2_000
    /// Builds that are still served after a newer one, for pages that are open.
    private static let keptBuilds = 3
    private static let types = [
        "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml", "woff2": "font/woff2",
        "json": "application/json", "br": "application/octet-stream", "webmanifest": "application/manifest+json", "png": "image/png",
        "html": "text/html; charset=utf-8",
    ]
    /// What is for developers and no part of the client.
    private static let leftOut: Set<String> = ["test", "types", "jsconfig.json"]

    /// What set-up may have taken from Debian's packages, by the name under which the client learns that it is there.
    private static let parts = [(name: "code", file: "code.js"), (name: "icons", file: "icons.svg")]

    private let folder: String
    private let rereads: Bool
    private let place: String
    private let builds: Locked<[Build]>
    private let stamp: Locked<String>

    init(_ folder: String, rereads: Bool, place: String) throws {
        self.folder = folder
        self.rereads = rereads
        self.place = place
        stamp = Locked(ClientFiles.stamp(of: folder))
        builds = Locked([try ClientFiles.read(folder, place)])
    }

    /// The newest build.
    var newest: Build {
        if rereads {
            let now = ClientFiles.stamp(of: folder)
            if stamp.withLock({ $0 != now }), let fresh = try? ClientFiles.read(folder, place) {
                stamp.withLock { $0 = now }
                builds.withLock { builds in
                    builds.removeAll { $0.name == fresh.name }
                    builds = [fresh] + builds.prefix(ClientFiles.keptBuilds - 1)
                }
            }
        }
        return builds.withLock { $0[0] }
    }

    /// A build by its name.
    func build(_ name: String) -> Build? { builds.withLock { $0.first { $0.name == name } } }

    /// Names, sizes and times of all files, by which a change is seen.
    private static func stamp(of folder: String) -> String {
        paths(in: folder).map { path in
            let facts = try? FileManager.default.attributesOfItem(atPath: folder + "/" + path)
            let time = (facts?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            return "\(path) \(time) \((facts?[.size] as? Int) ?? 0)"
        }.joined(separator: "\n")
    }

    private static func paths(in folder: String) -> [String] {
        let all = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        let wanted = all.filter { path in
            let parts = path.split(separator: "/").map(String.init)
            return types[suffix(path)] != nil && !parts.contains { $0.hasPrefix(".") } && !leftOut.contains(parts.first ?? "")
        }
        return Array(wanted.sorted().prefix(fileLimit))
    }

    private static func suffix(_ path: String) -> String { path.split(separator: ".").last.map(String.init) ?? "" }

    private static func read(_ folder: String, _ place: String) throws -> Build {
        var contents: [(path: String, bytes: [UInt8])] = []
        var hash = SHA256()
        for path in paths(in: folder) {
            guard let data = FileManager.default.contents(atPath: folder + "/" + path), data.count <= fileBytes else { continue }
            contents.append((path, [UInt8](data)))
            hash.update(path)
            hash.update([UInt8](data))
        }
        guard let page = contents.first(where: { $0.path == "index.html" }) else { throw Refusal.noClient(folder) }
        let name = String(hash.finish().hex.prefix(16))
        var files: [String: File] = [:]
        for (path, bytes) in contents where path != "index.html" && suffix(path) != "br" { files[path] = file(path, bytes) }
        // Packed when the client was joined, as its best takes too long for a start.
        for (path, bytes) in contents where suffix(path) == "br" { files[String(path.dropLast(3))]?.brotli = bytes }
        let text = String(decoding: page.bytes, as: UTF8.self).replacing("{{base}}", with: "/app/assets/" + name)
            .replacing("{{place}}", with: escaped(place))
            .replacing("{{parts}}", with: parts.filter { files["vendor/\($0.file)"] != nil }.map(\.name).joined(separator: " "))
            .replacing("{{font}}", with: files["vendor/inter.woff2"] == nil ? "" : fontLink(name))
        return Build(name: name, files: files, page: file("index.html", Array(text.utf8)))
    }

    private static func fontLink(_ name: String) -> String {
        "<link rel=\"preload\" href=\"/app/assets/\(name)/vendor/inter.woff2\" as=\"font\" type=\"font/woff2\" crossorigin>"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }

    private static func file(_ path: String, _ bytes: [UInt8]) -> File {
        let suffix = suffix(path)
        let packed = ["woff2", "png"].contains(suffix) ? nil : Packing.gzip(bytes, level: 9)
        return File(type: types[suffix] ?? "application/octet-stream", bytes: bytes, packed: packed)
    }
}

extension Refusal {
    static func noClient(_ folder: String) -> Refusal {
        Refusal(
            "client.no_files", .invalid, "There is no web client in the folder '\(folder)': it has no index.html.",
            instruction: "Give the folder `Client` of Baton's sources or package with --client.")
    }
}
