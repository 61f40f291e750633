import Kernel
import XMLRPC

extension XMLRPCValue {
    /// The largest whole number that plain XML-RPC knows; larger ones become floats, as in Odoo.
    private static let largestInt = Int(Int32.max)

    /// A value in the form of Odoo's API: what is not set is `False`.
    init(_ value: Value) {
        switch value {
        case .null: self = .bool(false)
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = XMLRPCValue.number(number)
        case .double(let number): self = number.isFinite ? .double(number) : .bool(false)
        case .amount(let amount): self = .double(amount.double)
        case .text(let text): self = .string(text)
        case .day(let day): self = .string(day.description)
        case .instant(let instant): self = .string(instant.description)
        case .ids(let ids): self = .array(ids.map(XMLRPCValue.number))
        case .bytes: self = .string(value.base64 ?? "")
        case .json: self = XMLRPCValue(value.plain)
        case .list(let items): self = .array(items.map { XMLRPCValue($0) })
        case .map(let map):
            self = .structure(XMLRPCStructure(map.entries.map { .init(name: $0.name, value: XMLRPCValue($0.value)) }))
        }
    }

    private static func number(_ number: Int) -> XMLRPCValue {
        number > largestInt || number < -largestInt - 1 ? .double(Double(number)) : .int(Int64(number))
    }

    /// The value of an answer; `None` cannot be said in XML-RPC.
    init(_ answer: RPCAnswer) throws {
        switch answer {
        case .value(.null): throw Refusal.cannotMarshalNone()
        case .value(let value): self.init(value)
        case .rows(let rows): self = .array(try rows.maps().map { XMLRPCValue(.map($0)) })
        }
    }
}

extension Value {
    /// An argument as XML-RPC brings it.
    init(_ value: XMLRPCValue) {
        switch value {
        case .nil: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(Int(number))
        case .double(let number): self = .double(number)
        case .string(let text): self = .text(text)
        case .base64(let bytes): self = .bytes(bytes)
        case .dateTime(let text): self = .text(Value.spaced(text))
        case .array(let items): self = .list(items.map { Value($0) })
        case .structure(let structure): self = .map(ValueMap(structure.members.map { ($0.name, Value($0.value)) }))
        }
    }

    /// `20260301T09:30:00` as `2026-03-01 09:30:00`.
    private static func spaced(_ text: String) -> String {
        let parts = text.split(separator: "T", maxSplits: 1)
        guard parts.count == 2, parts[0].utf8.count == 8 else { return text }
        let day = parts[0]
        return "\(day.prefix(4))-\(day.dropFirst(4).prefix(2))-\(day.suffix(2)) \(parts[1])"
    }
}

extension Refusal {
    /// XML-RPC has no word for nothing.
    static func cannotMarshalNone() -> Refusal {
        Refusal("rpc.none", .invalid, "cannot marshal None unless allow_none is enabled")
    }
}
