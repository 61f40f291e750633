import Base
import Crypto
import Kernel
import Messaging

/// Spreads what the demo did in a moment over the weeks in which it would have happened.
struct DemoTimes {
    private static let hour = 3_600

    let env: Environment
    let random: SeededRandomSource

    func spread(_ made: [(DemoCase, Int)]) throws {
        var begun: [Int: Instant] = [:]
        for (item, id) in made { begun[id] = try age(item, id) }
        try messages(begun)
        try activities(begun)
    }

    private func age(_ item: DemoCase, _ id: Int) throws -> Instant {
        let received = env.now - item.age * 24 * Self.hour - random.number(below: 8 * Self.hour)
        let inStage = min(random.number(below: 5 * 24 * Self.hour), (env.now - received) / 2)
        let referral = env.record(Referral.self, id)
        try referral.write(["received_on": .instant(received), "stage_since": .instant(env.now - inStage)])
        if let intake = referral.intake { try intake.write(["received_on": .instant(received)]) }
        for authorization in referral.authorizations {
            guard let submitted = authorization.submitted, let due = authorization.due else { continue }
            let shift = min(item.age * 20 * Self.hour, (env.now - received) * 3 / 4)
            try authorization.write(["submitted_on": .instant(submitted - shift), "decision_due": .instant(due - shift)])
        }
        for note in referral.notes { try note.write(["received_on": .instant(env.now - inStage)]) }
        return received
    }

    /// Messages of a record follow each other in the time since it came in.
    private func messages(_ begun: [Int: Instant]) throws {
        let all = try env.search(
            Message.self, .where("model", .equal, .text(Referral.name)) & .where("res_id", .in, .ids(begun.keys.sorted())), order: "id")
        let byRecord = Dictionary(grouping: all) { $0.record }
        for (id, list) in byRecord.sorted(by: { $0.key < $1.key }) {
            guard let start = begun[id] else { continue }
            let step = (env.now - start) / (list.count + 1)
            for (place, message) in list.enumerated() { try message.write(["date": .instant(start + place * step)]) }
        }
    }

    /// Some of the work is overdue.
    private func activities(_ begun: [Int: Instant]) throws {
        let open = try env.search(Activity.self, .where("res_model", .equal, .text(Referral.name)), order: "id")
        for (place, activity) in open.enumerated() where place % 3 != 1 {
            guard let start = begun[activity.record], let deadline = activity.deadline else { continue }
            let shift = min((env.now.day - start.day) / 2, 6)
            if shift > 0 { try activity.write(["date_deadline": .day(deadline - shift)]) }
        }
    }
}
