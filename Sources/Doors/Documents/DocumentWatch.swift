import Kernel

/// What looks, every second, at documents that wait and at the watched folder.
public final class DocumentWatch: Sendable {
    private let task: Task<Void, Never>

    /// Sweeps of waiting documents happen once in so many looks: they find what a crash left behind, or what came with a message.
    private static let sweepEvery = 5
    /// The longest pause after repeated failures, in looks.
    private static let longestPause = 60

    init(reader: DocumentReader, folder: WatchedFolder?, every seconds: Double) throws {
        task = Task {
            var failures = 0
            var looks = 0
            while !Task.isCancelled {
                do {
                    if looks % DocumentWatch.sweepEvery == 0 { try await reader.sweep() }
                    try await folder?.sweep()
                    failures = 0
                } catch {
                    // Nothing is lost: files and documents stay where they are until the store answers again.
                    failures += 1
                }
                looks += 1
                try? await Task.sleep(for: .seconds(seconds * Double(min(1 << min(failures, 6), DocumentWatch.longestPause))))
            }
        }
    }

    /// Takes nothing more, and returns when what was begun has ended.
    public func stop() async {
        task.cancel()
        await task.value
    }
}
