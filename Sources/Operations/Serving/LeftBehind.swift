import Kernel
import Store

/// Takes up what nodes that are gone stored and did not finish, where several share a database.
///
/// Each door does the same for its own as it opens; this is for the nodes that stay.
package final class LeftBehind: Sendable {
    /// Seconds between two looks, and the age from which work is taken from whoever had it.
    private static let lookSeconds = 30, ageSeconds = 60

    private let task = Locked<Task<Void, Never>?>(nil)

    package func start(_ house: House) {
        if house.database.node.isEmpty { return }
        let (portal, webhooks) = (house.portal, house.webhooks)
        let loop = Task.detached {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(LeftBehind.lookSeconds))
                if Task.isCancelled { return }
                try? await webhooks.recover(olderThan: LeftBehind.ageSeconds)
                try? await portal.recover(olderThan: LeftBehind.ageSeconds)
            }
        }
        task.withLock { $0 = loop }
    }

    package func stop() { task.withLock { $0?.cancel() } }
}
