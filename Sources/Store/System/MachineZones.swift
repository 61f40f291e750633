import Foundation
import Kernel

/// The machine's time zones: the compiled tables of the package `tzdata`, each read once.
public final class MachineZones: ZoneOffsets {
    /// Where the tables are, one file for each zone.
    public static let folder = "/usr/share/zoneinfo"
    /// Zones that are remembered, unknown names included, after which memory is emptied.
    static let memoryLimit = 1_000
    private static let nameLimit = 64

    private let memory = Locked<[String: ZoneTable?]>([:])

    /// The machine's time zones.
    public init() {}

    /// Seconds east of UTC of an IANA zone at a moment; 0 for a zone that is not known.
    public func offsetSeconds(_ zone: String, at moment: Instant) -> Int {
        if zone.isEmpty || zone == "UTC" { return 0 }
        return table(zone)?.offset(at: moment) ?? 0
    }

    /// The whole table of an IANA zone; nil for one that is not known.
    public func table(_ zone: String) -> ZoneTable? {
        if zone.isEmpty || zone == "UTC" { return .utc }
        return memory.withLock { memory in
            if let known = memory[zone] { return known }
            if memory.count >= MachineZones.memoryLimit { memory = [:] }
            let table = MachineZones.load(zone)
            memory[zone] = .some(table)
            return table
        }
    }

    /// Names are paths below the folder; none leads out of it.
    private static func load(_ zone: String) -> ZoneTable? {
        let isSafe = zone.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "/_+-".utf8.contains(byte)
        }
        guard isSafe, zone.utf8.count <= nameLimit, !zone.hasPrefix("/") else { return nil }
        guard let data = FileManager.default.contents(atPath: folder + "/" + zone) else { return nil }
        return ZoneTable(name: zone, tzif: Array(data))
    }
}
