/// Where figures are given out, and to whom.
package struct MetricsAccess: Sendable {
    package static let tokenLength = 16...1_024

    package let host: String
    package let port: Int
    /// What the caller must send; nil where only this machine can call.
    package let token: String?

    /// What the settings say; nil when figures are not given out.
    package init?(_ arguments: Arguments) throws {
        token = arguments.text("metrics-token")
        host = arguments.text("metrics-host") ?? "127.0.0.1"
        if let token, !Self.tokenLength.contains(token.utf8.count) || !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            throw UsageMistake("`--metrics-token` must have \(Self.tokenLength.lowerBound) characters at least, without blanks.")
        }
        guard let port = try arguments.number("metrics-port", in: 0...65_535) else { return nil }
        self.port = port
        guard token != nil || Self.isLoopback(host) else {
            throw UsageMistake("`--metrics-host` lets other machines in: set `--metrics-token`, or BATON_METRICS_TOKEN_FILE.")
        }
    }

    private static func isLoopback(_ host: String) -> Bool { host.hasPrefix("127.") || host == "::1" }
}
