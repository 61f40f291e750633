import JSON
import Kernel

/// Values as JSON text, for columns that hold what has no column of its own: details of the trail, payloads of jobs.
///
/// Days and moments become text in their own notation, amounts become numbers, bytes only their count; reading gives texts back as texts.
public enum ValueText {
    /// The JSON text of named values.
    public static func write(_ map: ValueMap) -> String { map.isEmpty ? "{}" : Value.map(map).asJSON.text() }

    /// The named values of a JSON text; anything but an object gives none.
    public static func read(_ text: String) -> ValueMap {
        guard text != "{}", let json = try? JSON.parse(text), case .object(let object) = json else { return [:] }
        return ValueMap(object.members.map { ($0.key, value($0.value)) })
    }

    /// The value that a JSON value stands for.
    public static func value(_ json: JSON) -> Value {
        switch json {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .int(let int): .int(Int(int))
        case .double(let double): .double(double)
        case .number(let literal): .text(literal)
        case .string(let text): .text(text)
        case .array(let elements): .list(elements.map(value))
        case .object(let object): .map(ValueMap(object.members.map { ($0.key, value($0.value)) }))
        }
    }
}
