import JSON
import Kernel
import Reading

/// Reads a policy's content, and says what is wrong with it.
struct PolicyReader {
    private(set) var problems: [(place: String, expected: String)] = []

    /// The most fields that a part of a policy names, and the most layouts that are switched off.
    private static let listLimit = 200

    /// The policy, as far as the content says it; `problems` tells what it says wrongly.
    mutating func policy(_ content: JSON, cause: String) -> ReadingPolicy {
        _ = object(content, "", ["parts", "matches", "layouts"])
        var parts: [String: ReadingPolicy.Part] = [:]
        for member in object(content["parts"], "parts", PageKind.allCases.map(\.rawValue)) {
            parts[member.key] = part(member.value, "parts.\(member.key)")
        }
        var matches: [MatchSubject: ReadingPolicy.MatchLimits] = [:]
        for member in object(content["matches"], "matches", MatchSubject.allCases.map(\.rawValue)) {
            if let subject = MatchSubject(rawValue: member.key) { matches[subject] = limits(member.value, "matches.\(member.key)") }
        }
        return ReadingPolicy(cause: cause, parts: parts, matches: matches, layouts: layouts(content["layouts"]))
    }

    private mutating func part(_ json: JSON, _ place: String) -> ReadingPolicy.Part {
        _ = object(json, place, ["by_itself", "sure", "needed", "fields"])
        var part = ReadingPolicy.Part()
        part.goesOn = flag(json["by_itself"], place + ".by_itself") ?? part.goesOn
        part.sure = share(json["sure"], place + ".sure") ?? part.sure
        part.needed = names(json["needed"], place + ".needed")
        let known = ReadingField.allCases.map(\.rawValue)
        for name in part.needed where !known.contains(name) { fail(place + ".needed", "fields: " + known.joined(separator: ", ")) }
        for member in object(json["fields"], place + ".fields", known + ["any"]) {
            let limits = threshold(member.value, "\(place).fields.\(member.key)")
            if member.key == "any" { part.usual = limits } else { part.fields[member.key] = limits }
        }
        if part.goesOn, !["family_name", "birth_date"].allSatisfy(part.needed.contains) {
            fail(place + ".needed", "at least family_name and birth_date where something goes on by itself")
        }
        return part
    }

    private mutating func threshold(_ json: JSON, _ place: String) -> ReadingPolicy.Threshold {
        _ = object(json, place, ["sure", "shown"])
        var limits = ReadingPolicy.Threshold()
        limits.sure = share(json["sure"], place + ".sure") ?? limits.sure
        limits.shown = share(json["shown"], place + ".shown") ?? limits.shown
        if limits.shown > limits.sure { fail(place + ".shown", "a number not above 'sure'") }
        return limits
    }

    private mutating func limits(_ json: JSON, _ place: String) -> ReadingPolicy.MatchLimits {
        _ = object(json, place, ["certain", "possible", "may_be_new"])
        var limits = ReadingPolicy.MatchLimits()
        limits.certain = share(json["certain"], place + ".certain") ?? limits.certain
        limits.possible = share(json["possible"], place + ".possible") ?? limits.possible
        limits.mayBeNew = flag(json["may_be_new"], place + ".may_be_new") ?? limits.mayBeNew
        if limits.possible > limits.certain { fail(place + ".possible", "a number not above 'certain'") }
        if limits.possible < 0.3 { fail(place + ".possible", "a number from 0.3 on; below that nothing is alike") }
        return limits
    }

    private mutating func layouts(_ json: JSON?) -> ReadingPolicy.Layouts {
        _ = object(json, "layouts", ["used", "after", "without"])
        var layouts = ReadingPolicy.Layouts()
        layouts.isUsed = flag(json?["used"], "layouts.used") ?? layouts.isUsed
        if let after = json?["after"], !after.isNull {
            if let number = after.intValue, (2...100).contains(number) {
                layouts.after = number
            } else {
                fail("layouts.after", "a whole number from 2 to 100")
            }
        }
        layouts.without = names(json?["without"], "layouts.without")
        return layouts
    }

    private mutating func object(_ json: JSON?, _ place: String, _ known: [String]) -> [JSONObject.Member] {
        guard let json, !json.isNull else { return [] }
        guard let members = json.objectValue?.members else {
            fail(place, "a map")
            return []
        }
        for member in members where !known.contains(member.key) {
            fail(place.isEmpty ? member.key : "\(place).\(member.key)", "one of: " + known.joined(separator: ", "))
        }
        return members.filter { known.contains($0.key) }
    }

    private mutating func share(_ json: JSON?, _ place: String) -> Double? {
        guard let json, !json.isNull else { return nil }
        if let number = json.doubleValue, (0...1).contains(number) { return number }
        fail(place, "a number from 0 to 1")
        return nil
    }

    private mutating func flag(_ json: JSON?, _ place: String) -> Bool? {
        guard let json, !json.isNull else { return nil }
        if let flag = json.boolValue { return flag }
        fail(place, "true or false")
        return nil
    }

    private mutating func names(_ json: JSON?, _ place: String) -> [String] {
        guard let json, !json.isNull else { return [] }
        let list = json.arrayValue ?? []
        let names = list.compactMap(\.stringValue)
        guard json.arrayValue != nil, names.count == list.count, names.count <= Self.listLimit else {
            fail(place, "a list of at most \(Self.listLimit) names")
            return []
        }
        return names
    }

    private mutating func fail(_ place: String, _ expected: String) { problems.append((place, expected)) }
}
