import Foundation

/// How a SQLite store is opened.
public struct SQLiteOptions: Sendable {
    /// How often the disk is waited for: only `FULL` survives a power failure. Taken from `BATON_TEST_SYNCHRONOUS` in tests.
    public var synchronous = ProcessInfo.processInfo.environment["BATON_TEST_SYNCHRONOUS"] ?? "FULL"
    /// Connections that read at the same time.
    public var readers = 8
    /// Kilobytes of page cache per connection.
    public var cacheKilobytes = 16_000
    /// Units of work that may wait for the writer; more are refused with `store.busy`.
    public var queueLimit = 4_096
    /// The most units of work that share one commit.
    public var groupLimit = 256
    /// Seconds that a reader waits for a free connection before `store.busy`.
    public var readerWaitSeconds = 30
    /// The most pages that the file may have, 0 for no limit: for tests of a full disk.
    public var pageLimit = 0

    /// The usual options.
    public init() {}

    /// What each connection is told when it opens.
    func pragmas(writer: Bool) -> String {
        let level = ["OFF", "NORMAL", "FULL", "EXTRA"].contains(synchronous) ? synchronous : "FULL"
        var text = writer ? "PRAGMA journal_mode = WAL; " : "PRAGMA query_only = ON; "
        text += "PRAGMA synchronous = \(level); PRAGMA foreign_keys = ON; PRAGMA cache_size = -\(cacheKilobytes); "
        text += "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = OFF; PRAGMA recursive_triggers = OFF; "
        if writer, pageLimit > 0 { text += "PRAGMA max_page_count = \(pageLimit); " }
        return text
    }
}
