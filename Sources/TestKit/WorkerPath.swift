import Foundation

/// Where the package's helper programs lie while tests run: beside the test's own program.
public enum WorkerPath {
    /// The program in which documents are read.
    public static let pages: String = {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let places = [own, root.appendingPathComponent(".build/debug")].map { $0.appendingPathComponent("PageWorkerProbe").path }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "PageWorkerProbe is missing"
    }()
}
