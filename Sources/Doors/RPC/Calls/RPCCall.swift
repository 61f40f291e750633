import JSON
import Kernel

/// A call of a model's method, as any of the protocols brings it.
struct RPCCall: Sendable {
    /// How arguments are given.
    enum Style: Sendable {
        /// Positional and named; ids are the first positional argument of a record method.
        case positional
        /// Named only; ids stand beside the arguments, and `create` always answers a list.
        case named
    }

    let model: String
    let method: String
    var positional: [Value] = []
    var named = ValueMap()
    var context = ValueMap()
    var style = Style.positional

    /// The call's name in errors and reports.
    var label: String { "\(model).\(method)" }

    /// A call whose `context` stands among the named arguments.
    init(model: String, method: String, positional: [Value], named: ValueMap, style: Style = .positional) throws {
        self.model = model
        self.method = method
        self.positional = positional
        self.named = named
        self.style = style
        guard let context = named["context"] else { return }
        self.named["context"] = nil
        switch context {
        case .map(let map): self.context = map
        case .null, .bool(false): break
        default: throw Refusal.badArgument("The context of \(label)() is no object.")
        }
    }
}

extension Value {
    /// A JSON value as arguments are given.
    init(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .int(let int): self = .int(Int(int))
        case .double(let double): self = .double(double)
        case .number(let text): self = Double(text).map { .double($0) } ?? .text(text)
        case .string(let text): self = .text(text)
        case .array(let items): self = .list(items.map { Value($0) })
        case .object(let object): self = .map(ValueMap(object))
        }
    }
}

extension ValueMap {
    /// The members of a JSON object.
    init(_ object: JSONObject) {
        self.init()
        entries.reserveCapacity(object.members.count)
        for member in object.members { entries.append(Entry(member.key, Value(member.value))) }
    }
}
