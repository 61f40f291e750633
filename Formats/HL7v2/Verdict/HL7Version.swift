/// The published versions of HL7 v2.
public enum HL7Version: String, Sendable, Hashable, CaseIterable, Comparable {
    case v21 = "2.1"
    case v22 = "2.2"
    case v23 = "2.3"
    case v231 = "2.3.1"
    case v24 = "2.4"
    case v25 = "2.5"
    case v251 = "2.5.1"
    case v26 = "2.6"
    case v27 = "2.7"
    case v271 = "2.7.1"
    case v28 = "2.8"
    case v281 = "2.8.1"
    case v282 = "2.8.2"

    /// The version that MSH-12.1 names; `nil` when it is none.
    public init?(_ text: String) { self.init(rawValue: text) }

    /// Older versions come first.
    public static func < (left: HL7Version, right: HL7Version) -> Bool { left.rank < right.rank }

    /// The place among the versions, oldest first.
    var rank: Int {
        switch self {
        case .v21: 0
        case .v22: 1
        case .v23: 2
        case .v231: 3
        case .v24: 4
        case .v25: 5
        case .v251: 6
        case .v26: 7
        case .v27: 8
        case .v271: 9
        case .v28: 10
        case .v281: 11
        case .v282: 12
        }
    }

    /// The newest version's rank.
    static let last = HL7Version.v282.rank
}
