import Kernel

/// Something that happened to a service clock.
public struct ClockEvent: Sendable, Hashable {
    /// What happened.
    public enum Kind: String, Sendable, CaseIterable {
        /// The clock begins to run.
        case start
        /// It waits for somebody else.
        case pause
        /// It runs again.
        case resume
        /// What was promised is done.
        case stop
        /// It begins again from nothing.
        case reset
        /// From now on time is measured by another calendar.
        case calendar
        /// From now on the promise is another one.
        case target
    }

    /// When it happened.
    public let at: Instant
    /// What happened.
    public let kind: Kind
    /// The calendar's key, for `start` and `calendar`.
    public let calendar: String
    /// The promise in minutes, for `start` and `target`.
    public let targetMinutes: Int
    /// The share of the promise after which people are warned, in percent, for `start` and `target`; 0 for no warning.
    public let warnPercent: Int

    /// Something that happened.
    public init(_ kind: Kind, at: Instant, calendar: String = "", targetMinutes: Int = 0, warnPercent: Int = 0) {
        self.at = at
        self.kind = kind
        self.calendar = calendar
        self.targetMinutes = targetMinutes
        self.warnPercent = warnPercent
    }
}

/// Where a service clock stands; the raw value is stored.
public enum ClockState: String, Sendable, CaseIterable { case idle, running, paused, stopped }

/// A service clock: what its events add up to, and nothing else.
///
/// The same events and calendars give the same reading, always. Events count in their order; one that names an earlier time than the one
/// before counts as if it had happened together with that one, because a clock never runs backwards.
public struct ServiceClock: Sendable {
    /// The most events of one clock.
    public static let eventLimit = 10_000

    /// Where it stands.
    public private(set) var state = ClockState.idle
    /// The promise in minutes.
    public private(set) var targetMinutes = 0
    /// The share of the promise, in percent, after which people are warned; 0 for no warning.
    public private(set) var warnPercent = 0
    /// The key of the calendar in force.
    public private(set) var calendarKey = ""
    /// When it was first started.
    public private(set) var startedAt: Instant?
    /// When it was stopped.
    public private(set) var stoppedAt: Instant?
    /// When the share of the warning was reached, within the events seen.
    public private(set) var warnedAt: Instant?
    /// When the promise was broken, within the events seen.
    public private(set) var breachedAt: Instant?
    /// Working seconds until the last event.
    private var elapsed = 0
    private var last = Instant(seconds: Int.min / 4)
    private let calendars: [String: WorkCalendar]

    /// The clock after some events.
    ///
    /// - Parameter calendars: By key; an empty key stands for time that never rests.
    /// - Throws: `clock.calendar` for a key that is not there, `clock.too_many_events`.
    public init(_ events: [ClockEvent], calendars: [String: WorkCalendar]) throws {
        self.calendars = calendars.merging(["": .always]) { given, _ in given }
        guard events.count <= ServiceClock.eventLimit else {
            throw Refusal(
                "clock.too_many_events", .limit, "A clock has at most \(ServiceClock.eventLimit) events.",
                instruction: "Start a new clock, and look for what pauses and resumes it all the time.")
        }
        for event in events { try apply(event) }
    }

    private mutating func apply(_ event: ClockEvent) throws {
        let at = max(event.at, last)
        run(until: at)
        last = at
        switch event.kind {
        case .start where state == .idle:
            try use(event.calendar)
            promise(event)
            startedAt = at
            state = .running
        case .pause where state == .running: state = .paused
        case .resume where state == .paused: state = .running
        case .stop where state == .running || state == .paused:
            state = .stopped
            stoppedAt = at
        case .reset where state != .idle:
            (elapsed, warnedAt, breachedAt, stoppedAt) = (0, nil, nil, nil)
            state = .running
        case .calendar where state != .idle: try use(event.calendar)
        case .target where state != .idle:
            promise(event)
            judgeAgain(at)
        default: break
        }
    }

    private mutating func use(_ key: String) throws {
        guard calendars[key] != nil else {
            throw Refusal("clock.calendar", .missing, "The calendar '\(key)' of a clock is not there.", instruction: "Restore its version.")
        }
        calendarKey = key
    }

    private mutating func promise(_ event: ClockEvent) {
        targetMinutes = event.targetMinutes
        warnPercent = event.warnPercent
    }

    /// A new promise is judged at once by what has passed already; an old verdict falls when the new promise is not broken.
    private mutating func judgeAgain(_ at: Instant) {
        if state == .stopped { return }
        warnedAt = warnSeconds.flatMap { elapsed >= $0 ? (warnedAt ?? at) : nil }
        breachedAt = targetMinutes > 0 && elapsed >= targetSeconds ? (breachedAt ?? at) : nil
    }

    private mutating func run(until at: Instant) {
        guard state == .running, at > last else { return }
        let calendar = calendar
        let passed = calendar.seconds(from: last, to: at)
        warnedAt = warnedAt ?? warnSeconds.flatMap { crossing($0, calendar, passed) }
        breachedAt = breachedAt ?? (targetMinutes > 0 ? crossing(targetSeconds, calendar, passed) : nil)
        elapsed += passed
    }

    /// When a number of seconds is reached in the stretch from the last event on, if so much passes in it.
    private func crossing(_ wanted: Int, _ calendar: WorkCalendar, _ passed: Int) -> Instant? {
        guard elapsed + passed >= wanted else { return nil }
        return calendar.adding(seconds: max(wanted - elapsed, 0), to: last)
    }

    private var calendar: WorkCalendar { calendars[calendarKey] ?? .always }
    private var targetSeconds: Int { targetMinutes * 60 }
    private var warnSeconds: Int? { warnPercent > 0 && targetMinutes > 0 ? targetMinutes * 60 * warnPercent / 100 : nil }

    /// What the clock shows at a moment, which lies at or after its last event.
    public func reading(at moment: Instant) -> ClockReading {
        var clock = self
        let at = max(moment, last)
        clock.run(until: at)
        let isRunning = state == .running
        return ClockReading(
            state: state, elapsedSeconds: clock.elapsed, targetMinutes: targetMinutes,
            warnAt: clock.warnedAt ?? (isRunning ? warnSeconds.flatMap { calendar.adding(seconds: max($0 - elapsed, 0), to: last) } : nil),
            breachAt: clock.breachedAt
                ?? (isRunning && targetMinutes > 0 ? calendar.adding(seconds: max(targetSeconds - elapsed, 0), to: last) : nil),
            isWarned: clock.warnedAt != nil, isBreached: clock.breachedAt != nil)
    }
}

/// What a service clock shows at a moment.
public struct ClockReading: Sendable, Hashable {
    /// Where it stands.
    public let state: ClockState
    /// Working seconds that have passed.
    public let elapsedSeconds: Int
    /// The promise in minutes.
    public let targetMinutes: Int
    /// When people were, or would be, warned if nothing else happens; nil while it rests and was not.
    public let warnAt: Instant?
    /// When the promise was, or would be, broken if nothing else happens; nil while it rests and was not.
    public let breachAt: Instant?
    /// Whether the share of the warning has been reached.
    public let isWarned: Bool
    /// Whether the promise is broken.
    public let isBreached: Bool

    /// Whole working minutes that have passed.
    public var elapsedMinutes: Int { elapsedSeconds / 60 }
    /// Whole minutes that are left of the promise, rounded up; negative when it is broken.
    public var remainingMinutes: Int { targetMinutes - elapsedSeconds / 60 }
}
