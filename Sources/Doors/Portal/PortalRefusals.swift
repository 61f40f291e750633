import Kernel
import Referrals

/// What the portal could not take: kept with an exception, so that somebody can call the practice; finished when the referral comes after all.
///
/// How much one address can send is limited by `PortalConfiguration.formBurst`, how much is kept in a day by `IntakeDesk.refusedPerDay`.
struct PortalRefusals: Sendable {
    let door: PortalDoor

    /// The sender under which refused answers and documents are kept: all visitors together, because nobody knows who they are.
    static let sender = "portal"

    /// The control id of what a draft was refused.
    static func controlId(_ draft: String) -> String { "unsent:" + draft }

    /// Keeps it; without room on the disk the page has to do, which says what is wrong in any case.
    func keep(_ name: String, _ mediaType: String, _ content: [UInt8], _ refusal: Refusal, draft: String) async {
        let arrival = IntakeDesk.Arrival(
            channel: .portal, sender: PortalRefusals.sender, controlId: PortalRefusals.controlId(draft), name: name, mediaType: mediaType,
            content: content)
        guard let user = try? await door.user() else { return }
        _ = try? await door.database.write(as: user) { try IntakeDesk.keep(arrival, refused: refusal, in: $0) }
    }
}
