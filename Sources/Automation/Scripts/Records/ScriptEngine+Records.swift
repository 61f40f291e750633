import JSON
import Kernel

extension ScriptEngine {
    /// Runs a script on records: what server actions of the type `code`, rules and webhooks do.
    ///
    /// Call it inside the unit of work, with the environment of whoever acts: everything that the script does is done with the rights of
    /// `records.env.user` (and without checks only if that environment is the superuser's). A change that was refused ends the run with
    /// that refusal, even when the script catches it, because half of it may stand in the unit.
    ///
    /// - Parameters:
    ///   - records: What the script sees as `records`, and the first of them as `record`.
    ///   - payload: What the script sees as `payload`.
    ///   - seed: What `Math.random()` follows from; by default from script, records and time, so that a run that is repeated after a
    ///     crash draws the same numbers.
    ///   - log: Takes the lines of `log(message, level)` as they come.
    /// - Returns: What the script returned or left in `action`; `.null` for nothing.
    /// - Throws: As ``run(_:host:)``. A thrown `UserError` is a `Refusal` of the kind `.userError` with exactly its sentence.
    public func run(
        _ source: ScriptSource, on records: Records, payload: JSON = .null, seed: UInt64? = nil,
        log: @escaping (ScriptLogLine) -> Void = { _ in }
    ) throws -> JSON {
        let env = records.env
        let host = UnitHost(env, log: log)
        var input = ScriptInput()
        input.model = records.model.name
        input.ids = records.ids
        input.columns = host.columns(source.mentionedFields(of: records.model), of: records)
        input.environment = host.environment
        input.payload = payload
        let drawn = seed ?? ScriptSeed.make(source.text, records.model.name, records.ids, env.now)
        return try run(ScriptRun(source, input: input, now: env.now, seed: drawn), host: host)
    }

    /// Runs a script without records, such as one of a schedule.
    public func run(
        _ source: ScriptSource, in env: Environment, payload: JSON = .null, seed: UInt64? = nil,
        log: @escaping (ScriptLogLine) -> Void = { _ in }
    ) throws -> JSON {
        let host = UnitHost(env, log: log)
        var input = ScriptInput()
        input.environment = host.environment
        input.payload = payload
        let drawn = seed ?? ScriptSeed.make(source.text, "", [], env.now)
        return try run(ScriptRun(source, input: input, now: env.now, seed: drawn), host: host)
    }
}

extension ScriptSource {
    /// Fields of a model that the text names after a dot: what is worth bringing along before it asks.
    func mentionedFields(of model: ModelSchema) -> [Field] {
        var seen: Set<String> = []
        var fields: [Field] = []
        var isAfterDot = false
        var word: [UInt8] = []
        for byte in Array(text.utf8) + [0] {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: word.append(byte)
            default:
                if isAfterDot, !word.isEmpty {
                    let name = String(decoding: word, as: UTF8.self)
                    if let field = model.field(name), seen.insert(name).inserted { fields.append(field) }
                }
                isAfterDot = byte == UInt8(ascii: ".")
                word.removeAll(keepingCapacity: true)
            }
        }
        return fields
    }
}

/// Numbers that follow from what is run on what, and when.
enum ScriptSeed {
    /// FNV-1a over everything.
    static func make(_ text: String, _ model: String, _ ids: [Int], _ now: Instant) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        for byte in text.utf8 { mix(byte) }
        for byte in model.utf8 { mix(byte) }
        for number in ids + [now.seconds] { for shift in 0..<8 { mix(UInt8(truncatingIfNeeded: number >> (8 * shift))) } }
        return hash
    }
}
