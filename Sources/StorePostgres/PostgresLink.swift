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
    /// Tells whether waiting makes sense; nil for the pulse, which finds that out.
    private let presence: PostgresPresence?
    /// The server that was known when the line began: a line to one that was replaced is worth nothing.
    let epoch: Int
    /// The longest sleep between two looks at whether waiting makes sense.
    private static let sliceMilliseconds = 500

    /// Connects, or throws `SQLFailure` of the kind `lost`.
    ///
    /// - Parameter place: One of several hosts of the address; nil for one host, or whatever libpq's environment says.
    private init(
        _ address: PostgresAddress, _ options: PostgresOptions, _ presence: PostgresPresence?, _ place: PostgresAddress.Place?, seconds: Int
    ) throws {
        self.presence = presence
        epoch = presence?.epoch ?? 0
        // Later words count more than earlier ones: what the address says may override these.
        let words: [(String, String)] =
            [
                ("connect_timeout", "\(options.connectSeconds)"), ("keepalives_idle", "30"), ("keepalives_interval", "10"),
                ("keepalives_count", "3"), ("tcp_user_timeout", "\(1_000 * (options.statementSeconds + options.graceSeconds))"),
                ("gssencmode", "disable"), ("application_name", "baton"), ("dbname", address.text), ("client_encoding", "UTF8"),
            ] + (place.map { [("host", $0.host), ("port", $0.port)] } ?? [])
        let keys = CStrings(words.map(\.0))
        let values = CStrings(words.map(\.1))
        guard let started = PQconnectStartParams(keys.pointers, values.pointers, 1) else {
            throw SQLFailure(.lost, code: 0, message: "there is no memory for a connection")
        }
        handle = started
        do { try connect(Deadline(seconds: seconds)) } catch {
            PQfinish(started)
            isFinished = true
            throw error
        }
        PQsetnonblocking(handle, 1)
        PQsetNoticeReceiver(handle, noteWarning, Unmanaged.passUnretained(self).toOpaque())
    }

    /// A line to whichever host of the address takes one; each has its share of the time, so that a frozen one does not hide the others.
    static func open(_ address: PostgresAddress, _ options: PostgresOptions, _ presence: PostgresPresence?) throws -> PostgresLink {
        guard !address.places.isEmpty else { return try PostgresLink(address, options, presence, nil, seconds: options.connectSeconds) }
        let first = presence?.place ?? 0
        let seconds = max(2, options.connectSeconds / address.places.count)
        var failure: (any Error)?
        for turn in 0..<address.places.count {
            let number = (first + turn) % address.places.count
            do {
                let link = try PostgresLink(address, options, presence, address.places[number], seconds: seconds)
                presence?.place = number
                return link
            } catch { failure = error }
        }
        throw failure ?? SQLFailure(.lost, code: 0, message: "the address names no host")
    }

    /// Whether the server gave up waiting for its standby since this was set back.
    var isUnconfirmed = false

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
        presence?.heard()
        return last
    }

    /// The server answered.
    func heard() { presence?.heard() }

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
        if isLost || PQstatus(handle) != CONNECTION_OK || presence.map({ $0.epoch != epoch }) ?? false { return false }
        var entry = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        if poll(&entry, 1, 0) == 0 { return true }
        return PQconsumeInput(handle) != 0 && PQstatus(handle) == CONNECTION_OK
    }

    @discardableResult private func wait(for events: Int16, _ deadline: Deadline) throws -> Int16 {
        var entry = pollfd(fd: PQsocket(handle), events: events, revents: 0)
        while true {
            let rest = deadline.milliseconds
            if rest <= 0 { throw lost("it did not answer in time") }
            let count = poll(&entry, 1, Int32(clamping: min(rest, PostgresLink.sliceMilliseconds)))
            if count > 0 { return entry.revents }
            if count < 0, errno != EINTR { throw lost() }
            if count == 0, let presence, presence.isGivenUp || presence.epoch != epoch { throw lost(PostgresPresence.reason) }
        }
    }

    /// Waits until the server says something by itself; false when the time is over.
    func hears(within milliseconds: Int) throws -> Bool {
        var entry = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, Int32(clamping: milliseconds)) > 0 else { return false }
        if PQconsumeInput(handle) == 0 { throw lost() }
        return true
    }

    /// The next notification that came; nil when there is none.
    func notification() -> String? {
        guard let notice = PQnotifies(handle) else { return nil }
        defer { PQfreemem(notice) }
        return String(cString: notice.pointee.extra)
    }

    private func lost(_ reason: String? = nil) -> SQLFailure {
        isLost = true
        return SQLFailure(.lost, code: 0, message: reason ?? PostgresFailures.line(PQerrorMessage(handle)))
    }
}

/// When a call must have ended, on a clock that no one sets.
struct Deadline {
    private let end: Int

    init(seconds: Int) { self.init(milliseconds: seconds * 1_000) }

    init(milliseconds: Int) { end = Deadline.now + milliseconds }

    /// How many are left.
    var milliseconds: Int { end - Deadline.now }

    var isOver: Bool { milliseconds <= 0 }

    /// Milliseconds of a clock that no one sets.
    static var now: Int { milliseconds(CLOCK_MONOTONIC) }

    /// Milliseconds since 1970 as this machine has it.
    static var wallMilliseconds: Int { milliseconds(CLOCK_REALTIME) }

    private static func milliseconds(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
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

// At file scope, so that no actor's isolation sticks to the C callback.
private func noteWarning(_ link: UnsafeMutableRawPointer?, _ notice: OpaquePointer?) {
    guard let link, let notice, PostgresFailures.isAboutStandby(notice) else { return }
    Unmanaged<PostgresLink>.fromOpaque(link).takeUnretainedValue().isUnconfirmed = true
}
