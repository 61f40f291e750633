import Foundation

/// Finds the web client's files: where a package puts them, or in the sources that the program was built from.
package enum ClientFolder {
    /// Folders of a package, from the folder of the program on.
    private static let installed = ["../share/baton/client", "client"]
    /// How far above the program the sources may begin: `.build/x86_64-unknown-linux-gnu/debug/baton`.
    private static let depth = 5

    /// The folder; nil when there is none, then the server has its calls and pages alone.
    package static var found: String? {
        let program = URL(fileURLWithPath: ProgramFile.path).deletingLastPathComponent()
        let packaged = installed.map { program.appendingPathComponent($0).standardized.path }
        if let folder = packaged.first(where: isClient) { return folder }
        var place = program
        for _ in 0..<depth {
            let folder = place.appendingPathComponent("Client").path
            if isClient(folder) { return folder }
            place.deleteLastPathComponent()
        }
        return nil
    }

    private static func isClient(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/index.html") && FileManager.default.fileExists(atPath: folder + "/app.js")
    }
}
