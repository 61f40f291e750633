import Foundation
import Glibc
import JSON
import YAML

/// The settings that stand in a file: YAML whose keys are the options' names, as `port: 8069`.
///
/// A list may be written as one. A secret may stand in a file of its own, named by its key with `-file` behind it.
package struct ConfigurationFile: Sendable {
    package static let option = CommandOption(
        "config", "FILE", "a file with settings (YAML); the environment and the command line win over it", variable: "BATON_CONFIG")
    /// The most bytes of such a file.
    package static let limit = 1 << 20

    package let path: String
    /// What each option is given, as it would stand on the command line.
    package private(set) var values: [String: String] = [:]

    /// Reads a file; every key must be a setting.
    package init(_ path: String, settings: [CommandOption] = Configuration.settings) throws {
        self.path = path
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.limit else {
            throw UsageMistake("The configuration file \(path) cannot be read, or is larger than \(Self.limit) bytes.")
        }
        let content: JSON
        do { content = try YAML.parse([UInt8](data)) } catch {
            if error.code == "yaml.empty" { return }
            throw UsageMistake("The configuration file \(path), line \(error.line): \(error.what)")
        }
        if content == .null { return }
        guard case .object(let members) = content else {
            throw UsageMistake("The configuration file \(path) must hold `name: value` lines.")
        }
        for member in members.members { try take(member.key, member.value, settings) }
    }

    private mutating func take(_ key: String, _ value: JSON, _ settings: [CommandOption]) throws {
        if let option = settings.first(where: { $0.name == key }) {
            guard let text = try text(value, of: key) else { return }
            if option.value == nil, text != "true", text != "false" {
                throw UsageMistake("In \(path), `\(key)` must be true or false.")
            }
            if option.secrecy == .secret { try requireClosed(key) }
            try put(key, text)
        } else if let option = settings.first(where: { $0.secrecy != .open && $0.name + "-file" == key }) {
            guard let file = try text(value, of: key) else { return }
            try put(option.name, try SecretText.read(file, for: "`\(key)` in \(path)"))
        } else {
            let names = settings.map(\.name) + settings.filter { $0.secrecy != .open }.map { $0.name + "-file" }
            let hint = Nearest.name(to: key, among: names).map { " Did you mean `\($0)`?" } ?? ""
            throw UsageMistake("In \(path), `\(key)` is no setting.\(hint) `baton config --reference` lists them all.")
        }
    }

    private mutating func put(_ name: String, _ text: String) throws {
        guard values[name] == nil else { throw UsageMistake("In \(path), `\(name)` and `\(name)-file` both stand; keep one of them.") }
        values[name] = text
    }

    private func text(_ value: JSON, of key: String) throws -> String? {
        switch value {
        case .null: return nil
        case .string(let text): return text
        case .bool(let bool): return bool ? "true" : "false"
        case .array(let elements):
            let texts = try elements.compactMap { try text($0, of: key) }
            guard !texts.contains(where: { $0.contains(",") }) else {
                throw UsageMistake("In \(path), an element of the list `\(key)` holds a comma.")
            }
            return texts.joined(separator: ",")
        case .object: throw UsageMistake("In \(path), `\(key)` must be a text, a number, true, false or a list.")
        default: return value.text()
        }
    }

    /// Refuses a secret in a file that everybody can read.
    private func requireClosed(_ key: String) throws {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o007 != 0 else { return }
        throw UsageMistake("\(path) holds the secret `\(key)` and can be read by everybody. Run: chmod o-rwx \(path)")
    }
}

/// The name that somebody probably meant.
package enum Nearest {
    /// The candidate with the fewest letters to change, unless that is more than a third of them.
    package static func name(to word: String, among candidates: [String]) -> String? {
        let word = Array(word.lowercased().replacing("_", with: "-").utf8)
        let best = candidates.map { (name: $0, steps: steps(word, Array($0.utf8))) }.min { $0.steps < $1.steps }
        guard let best, best.steps <= max(1, max(word.count, best.name.utf8.count) / 3) else { return nil }
        return best.name
    }

    /// How many letters must be added, dropped, changed or swapped with their neighbour (Damerau and Levenshtein).
    private static func steps(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard left.count <= 100 else { return left.count }
        var rows = [Array(0...right.count)]
        for (index, letter) in left.enumerated() {
            var row = [index + 1]
            for (place, other) in right.enumerated() {
                var least = min(rows[index][place] + (letter == other ? 0 : 1), rows[index][place + 1] + 1, row[place] + 1)
                if index > 0, place > 0, letter == right[place - 1], left[index - 1] == other {
                    least = min(least, rows[index - 1][place - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
