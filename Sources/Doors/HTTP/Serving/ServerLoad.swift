/// What all loops of a server together carry, against its limits.
final class ServerLoad: Sendable {
    private struct Counts {
        var connections = 0
        var perNetwork: [UInt64: Int] = [:]
        var requests = 0
        var bodyBytes = 0
    }

    enum Admission { case admitted, serverFull, addressFull }

    private let limits: HTTPServerConfiguration
    private let counts = Locked(Counts())

    init(_ limits: HTTPServerConfiguration) { self.limits = limits }

    var connections: Int { counts.withLock { $0.connections } }

    func admit(_ peer: PeerAddress) -> Admission {
        counts.withLock { counts in
            guard counts.perNetwork[peer.network, default: 0] < limits.maxConnectionsPerAddress else { return .addressFull }
            guard counts.connections < limits.maxConnections else { return .serverFull }
            counts.connections += 1
            counts.perNetwork[peer.network, default: 0] += 1
            return .admitted
        }
    }

    func leave(_ peer: PeerAddress) {
        counts.withLock { counts in
            counts.connections -= 1
            let rest = counts.perNetwork[peer.network, default: 1] - 1
            counts.perNetwork[peer.network] = rest > 0 ? rest : nil
        }
    }

    /// - Returns: Whether one more request may be worked on; if so, `endRequest` must follow.
    func beginRequest() -> Bool {
        counts.withLock { counts in
            guard counts.requests < limits.maxConcurrentRequests else { return false }
            counts.requests += 1
            return true
        }
    }

    func endRequest() { counts.withLock { $0.requests -= 1 } }

    /// - Returns: Whether `count` more bytes of bodies may be held; if so, `releaseBody` must follow.
    func holdBody(_ count: Int) -> Bool {
        counts.withLock { counts in
            guard counts.bodyBytes + count <= limits.maxBufferedBodyBytes else { return false }
            counts.bodyBytes += count
            return true
        }
    }

    func releaseBody(_ count: Int) { if count > 0 { counts.withLock { $0.bodyBytes -= count } } }
}
