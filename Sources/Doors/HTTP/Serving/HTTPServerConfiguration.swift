/// Where a server listens and what it puts up with. Every limit has a default that suits one clinic's server.
public struct HTTPServerConfiguration: Sendable {
    /// The IP address to listen on; `::` and `0.0.0.0` mean all.
    public var host = "127.0.0.1"
    /// The port; 0 lets the system choose a free one.
    public var port = 0
    /// Certificate and key; nil serves without encryption.
    public var tls: TLS?
    /// The name in the `Server` field; no version.
    public var serverName = "Baton"

    /// Threads that handle connections.
    public var loops = 2
    /// Threads that run handlers and may block, when the server is given no pool.
    public var workers = 12

    /// The longest target, in bytes; beyond it 414.
    public var maxTargetBytes = 8 << 10
    /// The largest head with its request line, in bytes; beyond it 431.
    public var maxHeadBytes = 16 << 10
    /// The most header fields; beyond it 431.
    public var maxHeaderFields = 100
    /// The largest body, in bytes, unless the handler sets another for the request; beyond it 413.
    public var maxBodyBytes = 64 << 20
    /// The most bytes of all bodies that are being received or worked on; beyond it 503.
    public var maxBufferedBodyBytes = 512 << 20

    /// The most connections; a new one takes the place of one that waits, or gets 503.
    public var maxConnections = 4_096
    /// The most connections of one IPv4 address or IPv6 /64; further ones get 503. Raise it behind a proxy.
    public var maxConnectionsPerAddress = 512
    /// The most requests that are answered or wait for a worker at one time; beyond it 503.
    public var maxConcurrentRequests = 1_024
    /// The system's queue of connections that are not yet accepted.
    public var backlog = 1_024

    /// From the connection, or the first byte of a later request, to the end of the head (and of the TLS handshake).
    public var headSeconds = 10.0
    /// From the end of the head to the end of the body.
    public var bodySeconds = 600.0
    /// From the end of the request to the answer's head.
    public var handlerSeconds = 120.0
    /// Between two requests of a connection.
    public var idleSeconds = 30.0
    /// The time in which a body, or an answer that the client reads, must make the progress below.
    public var progressSeconds = 10.0
    /// The slowest transfer of bodies in both directions, in bytes per second, after `progressSeconds`.
    public var minBytesPerSecond = 512
    /// How long what a refused client still sends is read and dropped, so that it sees the answer.
    public var lingerSeconds = 2.0

    /// A configuration with the defaults.
    public init(host: String = "127.0.0.1", port: Int = 0) {
        self.host = host
        self.port = port
    }

    /// The PEM files of a server's identity. TLS 1.2 is the oldest version spoken.
    public struct TLS: Sendable {
        /// The certificate, followed by those of its issuers.
        public var certificatePath: String
        /// The private key, without a password.
        public var keyPath: String

        /// The files as given; they are read when the server starts.
        public init(certificatePath: String, keyPath: String) {
            self.certificatePath = certificatePath
            self.keyPath = keyPath
        }
    }

    var headLimits: HeadParser.Limits {
        HeadParser.Limits(headBytes: maxHeadBytes, fields: maxHeaderFields, targetBytes: maxTargetBytes)
    }
}
