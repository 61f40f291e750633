import Glibc

/// The number of files and sockets that the process may have open.
package enum FileLimit {
    /// As many as the HTTP server's connections, the database's files and the workers' sockets need.
    package static let wanted: rlim_t = 16_384

    /// Raises the limit as far as the system allows; gives what it is now.
    package static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        if limit.rlim_cur < wanted {
            limit.rlim_cur = min(wanted, limit.rlim_max)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return Int(limit.rlim_cur)
    }
}
