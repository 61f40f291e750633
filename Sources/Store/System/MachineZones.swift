import Foundation
import Kernel

/// The machine's time zones, with the last answers remembered.
public final class MachineZones: ZoneOffsets {
    private struct Memory {
        var zones: [String: TimeZone?] = [:]
        var offsets: [Key: Int] = [:]
    }
    private struct Key: Hashable {
        let zone: String
        let quarter: Int
    }
    /// Remembered answers, after which memory is emptied.
    static let memoryLimit = 10_000

    private let memory = Locked(Memory())

    /// The machine's time zones.
    public init() {}

    /// Seconds east of UTC of an IANA zone at a moment; 0 for a zone that is not known.
    public func offsetSeconds(_ zone: String, at moment: Instant) -> Int {
        if zone.isEmpty || zone == "UTC" { return 0 }
        // Offsets change at full quarters of an hour only.
        let key = Key(zone: zone, quarter: moment.seconds / 900)
        return memory.withLock { memory in
            if let known = memory.offsets[key] { return known }
            if memory.offsets.count >= MachineZones.memoryLimit { memory = Memory() }
            let found = memory.zones[zone] ?? TimeZone(identifier: zone)
            memory.zones[zone] = .some(found)
            let offset = found?.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.seconds))) ?? 0
            memory.offsets[key] = offset
            return offset
        }
    }
}
