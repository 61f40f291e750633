import JSON
import Kernel

/// One difference between two contents.
public struct JSONChange: Sendable, Hashable {
    /// The most differences that are named.
    public static let limit = 1_000

    /// Where it is: `rules[urgent].needed`, `points.free_slot`.
    public let path: String
    /// What stood there; nil when nothing did.
    public let old: JSON?
    /// What stands there now; nil when nothing does.
    public let new: JSON?

    /// A difference at a place.
    public init(_ path: String, old: JSON?, new: JSON?) {
        self.path = path
        self.old = old
        self.new = new
    }

    /// The differences, in the order of the old content; elements of lists are told apart by `id`, `key` or `name` where all have one.
    public static func between(_ old: JSON, _ new: JSON) -> [JSONChange] {
        var changes: [JSONChange] = []
        compare(old, new, "", &changes)
        return changes
    }

    var value: Value {
        ["path": .text(path), "old": old.map { .json($0) } ?? .null, "new": new.map { .json($0) } ?? .null]
    }

    private static func compare(_ old: JSON?, _ new: JSON?, _ path: String, _ changes: inout [JSONChange]) {
        if old == new || changes.count >= limit { return }
        switch (old, new) {
        case (.object(let left)?, .object(let right)?):
            for key in left.keys + right.keys.filter({ left[$0] == nil }) {
                compare(left[key], right[key], path.isEmpty ? key : path + "." + key, &changes)
            }
        case (.array(let left)?, .array(let right)?): compareLists(left, right, path, &changes)
        default: changes.append(JSONChange(path, old: old, new: new))
        }
    }

    private static func compareLists(_ left: [JSON], _ right: [JSON], _ path: String, _ changes: inout [JSONChange]) {
        guard let (names, others) = names(left, right) else {
            for index in 0..<max(left.count, right.count) {
                let place = path + "[\(index)]"
                compare(index < left.count ? left[index] : nil, index < right.count ? right[index] : nil, place, &changes)
            }
            return
        }
        let byName = Dictionary(uniqueKeysWithValues: zip(others, right))
        for (name, element) in zip(names, left) { compare(element, byName[name], path + "[\(name)]", &changes) }
        let known = Set(names)
        for (name, element) in zip(others, right) where !known.contains(name) { compare(nil, element, path + "[\(name)]", &changes) }
        let common = Set(names).intersection(others)
        let (before, after) = (names.filter(common.contains), others.filter(common.contains))
        if before != after, changes.count < limit {
            changes.append(
                JSONChange(path + " order", old: .array(before.map { .string($0) }), new: .array(after.map { .string($0) })))
        }
    }

    /// What tells the elements of two lists apart; nil when nothing does.
    private static func names(_ left: [JSON], _ right: [JSON]) -> ([String], [String])? {
        for key in ["id", "key", "name"] {
            let (old, new) = (left.compactMap { name($0[key]) }, right.compactMap { name($0[key]) })
            let isComplete = old.count == left.count && new.count == right.count
            if isComplete, Set(old).count == old.count, Set(new).count == new.count { return (old, new) }
        }
        return nil
    }

    private static func name(_ json: JSON?) -> String? { json?.stringValue ?? json?.intValue.map(String.init) }
}
