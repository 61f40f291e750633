import CPostgres
import Glibc
import Kernel
import Store

/// A line to the server on which no call waits longer than its deadline: everything is sent and read without blocking, between polls.
///
/// A server that froze still confirms every packet, so that no timer of TCP ever fires: only a deadline of our own helps.
final class PostgresLink {
    let handle: OpaquePointer
    /// Nothing can be asked any more; the connection is to be thrown away.
    private(set) var isLost = false

    /// Connects, or throws `SQLFailure` of the kind `lost`.
    init(_ address: PostgresAddress, _ options: PostgresOptions) throws {
        // Later words count more than earlier ones: what the address says may override these.
        let words: [(String, String)] = [
            ("connect_timeout", "\(options.connectSeconds)"), ("keepalives_idle", "30"), ("keepalives_interval", "10"),
            ("keepalives_count", "3"), ("tcp_user_timeout", "\(1_000 * (options.statementSeconds + options.graceSeconds))"),
            ("gssencmode", "disable"), ("application_name", "baton"), ("dbname", address.text), ("client_encoding", "UTF8"),
        ]
        let keys = CStrings(words.map(\.0))
        let values = CStrings(words.map(\.1))
        guard let started = PQconnectStartParams(keys.pointers, values.pointers, 1) else {
            throw SQLFailure(.lost, code: 0, message: "there is no memory for a connection")
        }
        handle = started
        do { try connect(Deadline(seconds: options.connectSeconds)) } catch {
            PQfinish(started)
            isFinished = true
            throw error
        }
        PQsetnonblocking(handle, 1)
    }

    private var isFinished = false

    deinit { if !isFinished { PQfinish(handle) } }

    private func connect(_ deadline: Deadline) throws {
        if PQstatus(handle) == CONNECTION_BAD { throw lost() }
        var wanted = PGRES_POLLING_WRITING
        while wanted != PGRES_POLLING_OK {
            if wanted == PGRES_POLLING_FAILED { throw lost() }
            try wait(for: wanted == PGRES_POLLING_READING ? Int16(POLLIN) : Int16(POLLOUT), deadline)
            wanted = PQconnectPoll(handle)
        }
    }

    /// What a query that was sent gave: its last result, or the first that tells of an error.
    func result(_ deadline: Deadline) throws -> PostgresResult {
        try flush(deadline)
        var last: PostgresResult?
        while let next = try next(deadline) { if last?.isError != true { last = next } }
        guard let last else { throw lost() }
        return last
    }

    /// The next result of what was sent; nil at the end of one query.
    func next(_ deadline: Deadline) throws -> PostgresResult? {
        while PQisBusy(handle) != 0 {
            try wait(for: Int16(POLLIN), deadline)
            if PQconsumeInput(handle) == 0 { throw lost() }
        }
        return PQgetResult(handle).map(PostgresResult.init)
    }

    /// Sends what libpq holds back, reading meanwhile, so that neither side waits for the other.
    func flush(_ deadline: Deadline) throws {
        while true {
            let rest = PQflush(handle)
            if rest == 0 { return }
            if rest < 0 { throw lost() }
            if try wait(for: Int16(POLLIN | POLLOUT), deadline) & Int16(POLLIN) != 0, PQconsumeInput(handle) == 0 { throw lost() }
        }
    }

    /// Refuses when libpq took nothing.
    func check(_ sent: Int32) throws { if sent == 0 { throw lost() } }

    /// Whether an idle connection still stands: a server that went away has closed it.
    var isAlive: Bool {
        if isLost || PQstatus(handle) != CONNECTION_OK { return false }
        var entry = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        if poll(&entry, 1, 0) == 0 { return true }
        return PQconsumeInput(handle) != 0 && PQstatus(handle) == CONNECTION_OK
    }

    @discardableResult private func wait(for events: Int16, _ deadline: Deadline) throws -> Int16 {
        var entry = pollfd(fd: PQsocket(handle), events: events, revents: 0)
        while true {
            let rest = deadline.milliseconds
            if rest <= 0 { throw lost("it did not answer in time") }
            let count = poll(&entry, 1, Int32(clamping: rest))
            if count > 0 { return entry.revents }
            if count < 0, errno != EINTR { throw lost() }
        }
    }

    private func lost(_ reason: String? = nil) -> SQLFailure {
        isLost = true
        return SQLFailure(.lost, code: 0, message: reason ?? PostgresFailures.line(PQerrorMessage(handle)))
    }
}

/// When a call must have ended, on a clock that no one sets.
struct Deadline {
    private let end: Int

    init(seconds: Int) { end = Deadline.now + seconds * 1_000 }

    /// How many are left.
    var milliseconds: Int { end - Deadline.now }

    var isOver: Bool { milliseconds <= 0 }

    private static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}

/// Texts as C wants a list of them, with a null at the end.
private final class CStrings {
    private var owned: [UnsafeMutablePointer<CChar>?]
    private let list: UnsafeMutablePointer<UnsafePointer<CChar>?>

    init(_ texts: [String]) {
        owned = texts.map { strdup($0) }
        list = .allocate(capacity: texts.count + 1)
        list.initialize(repeating: nil, count: texts.count + 1)
        for (index, text) in owned.enumerated() { list[index] = UnsafePointer(text) }
    }

    var pointers: UnsafePointer<UnsafePointer<CChar>?> { UnsafePointer(list) }

    deinit {
        for text in owned { free(text) }
        list.deallocate()
    }
}
