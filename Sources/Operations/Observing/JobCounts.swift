import Engine
import Kernel

/// Counts how attempts of jobs ended in this process.
package final class JobCounts: Sendable {
    package static let outcomes = ["completed", "failed", "discarded", "lease_lost"]

    private let counts = Locked([Int](repeating: 0, count: JobCounts.outcomes.count))

    package func note(_ event: JobEvent) {
        let place: Int
        switch event {
        case .completed: place = 0
        case .failed(_, let state, _): place = state == .discarded ? 2 : 1
        case .leaseLost: place = 3
        case .reaped, .unavailable: return
        }
        counts.withLock { $0[place] += 1 }
    }

    package func write(to text: inout MetricsText) {
        for (outcome, count) in zip(Self.outcomes, counts.withLock { $0 }) { text.add("baton_jobs_ended_total", [outcome], count) }
    }
}
