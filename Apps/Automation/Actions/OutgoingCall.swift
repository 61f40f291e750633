import Crypto
import JSON
import Kernel

/// A call to another system that an action asked for; it leaves after the commit, from a job.
public struct OutgoingCall: Sendable {
    /// Where it goes.
    public let url: String
    /// The record's model.
    public let model: String
    /// The record.
    public let id: Int
    /// The action's name.
    public let action: String
    /// The action's id.
    public let actionId: Int
    /// The record's values, by field.
    public let values: ValueMap

    /// What the receiver gets, as Odoo's action has it: sorted keys, links as ids, what is not set as false.
    public var payload: JSON {
        var members = values.entries.map { JSONObject.Member(key: $0.name, value: OutgoingCall.json($0.value)) }
        members.append(JSONObject.Member(key: "_model", value: .string(model)))
        members.append(JSONObject.Member(key: "_id", value: JSON(id)))
        members.append(JSONObject.Member(key: "_action", value: .string("\(action)(#\(actionId))")))
        return .object(JSONObject(members.sorted { $0.key < $1.key }))
    }

    private static func json(_ value: Value) -> JSON {
        switch value {
        case .null: false
        case .bytes(let bytes): .string(Base64.standard.encode(bytes))
        case .amount(let amount): .double(amount.double)
        default: value.asJSON
        }
    }

    /// A call of an action.
    public init(url: String, model: String, id: Int, action: String, actionId: Int, values: ValueMap) {
        self.url = url
        self.model = model
        self.id = id
        self.action = action
        self.actionId = actionId
        self.values = values
    }

    /// Takes a call over, inside the unit of work: puts a job into a queue.
    public typealias Carrier = @Sendable (OutgoingCall, Environment) throws -> Void

    /// Says who carries calls of a database's actions; without a carrier the type of action is refused.
    public static func carry(for memory: DatabaseMemory, _ carrier: @escaping Carrier) {
        memory.thing(CarrierBox.self) { CarrierBox() }.carrier.withLock { $0 = carrier }
    }

    static func send(_ call: OutgoingCall, _ env: Environment) throws {
        guard let carrier = env.unit.memory.thing(CarrierBox.self, make: { CarrierBox() }).carrier.withLock({ $0 }) else {
            throw Refusal.noCarrier(call)
        }
        try carrier(call, env)
    }

    /// The fields of a record as a call shows them: links as ids, nothing as false; fields of groups are refused when the action is saved.
    static func values(of record: Records, _ fields: [String]) throws -> ValueMap {
        var values = ValueMap()
        for name in fields { values[name] = try record.value(name) }
        return values
    }
}

private final class CarrierBox: Sendable {
    let carrier = Locked<OutgoingCall.Carrier?>(nil)
}

extension Refusal {
    static func noCarrier(_ call: OutgoingCall) -> Refusal {
        Refusal(
            "automation.no_webhooks", .unavailable, "The action '\(call.action)' cannot send a webhook: nothing here carries them.",
            instruction: "Start the server with the app for webhooks.")
    }
}
