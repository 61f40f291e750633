import Glibc
import HTTPServer
import Kernel

/// The connections that are open, counted by address.
final class LineTable: Sendable {
    /// Why a connection is not taken.
    enum Admission: String { case admitted, full, addressFull = "address_full" }

    private struct State {
        var sockets: [Int: Int32] = [:]
        var byNetwork: [UInt64: Int] = [:]
        var next = 0
    }
    private let state = Locked(State())
    private let total: Int
    private let perAddress: Int

    init(total: Int, perAddress: Int) {
        self.total = total
        self.perAddress = perAddress
    }

    var count: Int { state.withLock { $0.sockets.count } }

    /// Takes a connection in; gives its number.
    func admit(_ peer: PeerAddress, _ socket: Int32) -> (Admission, Int) {
        state.withLock { state in
            if state.sockets.count >= total { return (.full, 0) }
            if state.byNetwork[peer.network, default: 0] >= perAddress { return (.addressFull, 0) }
            state.next += 1
            state.sockets[state.next] = socket
            state.byNetwork[peer.network, default: 0] += 1
            return (.admitted, state.next)
        }
    }

    /// Lets a connection go; call before its socket is closed, so that nobody else's socket is shut.
    func leave(_ number: Int, _ peer: PeerAddress) {
        state.withLock { state in
            state.sockets[number] = nil
            let left = state.byNetwork[peer.network, default: 1] - 1
            state.byNetwork[peer.network] = left > 0 ? left : nil
        }
    }

    /// Cuts every connection that is still open.
    func cutAll() { state.withLock { state in for socket in state.sockets.values { shutdown(socket, Int32(SHUT_RDWR)) } } }
}
