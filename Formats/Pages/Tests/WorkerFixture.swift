import Foundation

@testable import Pages

/// The page worker as tests start it.
enum WorkerFixture {
    /// Where the package's products lie: beside the test's own program.
    static let executable: String = {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let places = [own, root.appendingPathComponent(".build/debug")].map { $0.appendingPathComponent("PageWorkerProbe").path }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "PageWorkerProbe is missing"
    }()

    static func service(_ change: (inout PageLimits) -> Void = { _ in }) -> PageService {
        var limits = PageLimits()
        change(&limits)
        return PageService(executable: executable, limits: limits)
    }

    /// The code of the refusal; nil when the document is taken.
    static func code(_ service: PageService, _ bytes: [UInt8], pages: [Int] = []) async -> DocumentRefusal.Code? {
        do throws(DocumentRefusal) {
            _ = try await service.examine(bytes, pages: pages, dpi: 72)
            return nil
        } catch {
            return error.code
        }
    }
}
