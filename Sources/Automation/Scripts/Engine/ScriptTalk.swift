import JSON
import Kernel

/// The conversation of one run: answers the script's calls until it ends.
final class ScriptTalk {
    private let worker: ScriptProcess
    private let source: ScriptSource
    private let limits: ScriptLimits
    private let host: any ScriptHost
    private var calls = 0
    private var lines = 0
    /// The latest refusal that the script was given.
    private var latest: Refusal?
    /// A failure after which the run cannot end well, whatever the script does.
    private var fatal: (any Error)?

    init(worker: ScriptProcess, source: ScriptSource, limits: ScriptLimits, host: any ScriptHost) {
        self.worker = worker
        self.source = source
        self.limits = limits
        self.host = host
    }

    /// Talks until the script has ended.
    func toEnd() throws(ScriptProcess.Break) -> Result<JSON, any Error> {
        while true {
            let frame = try worker.receive(limits)
            switch frame.kind {
            case .call:
                calls += 1
                guard calls <= limits.calls else { throw .tooManyCalls }
                try worker.send(ScriptFrame.encode(.answer, reply(frame.content)), limits)
            case .log:
                lines += 1
                guard lines <= limits.logLines else { throw .tooManyLines }
                try note(frame.content)
            case .done: return try done(frame.content)
            case .failed: return .failure(failure(frame.content))
            default: throw .ended
            }
        }
    }

    private func reply(_ content: [UInt8]) -> [UInt8] {
        var name = ""
        do {
            let call: JSON
            do { call = try JSON.parse(content) } catch {
                throw Refusal.badScriptCall("A text that a script sends must be whole Unicode, at most 128 levels deep.")
            }
            guard let said = call[0]?.stringValue, let arguments = call[1] else { throw Refusal.badScriptCall("This is no call.") }
            name = said
            let answer = JSON.object(["value": try host.answer(said, arguments)]).serialized()
            guard answer.count <= limits.answerBytes else { throw Refusal.scriptAnswerTooLarge(limits.answerBytes) }
            return answer
        } catch {
            return refused(error, name)
        }
    }

    private func refused(_ error: any Error, _ name: String) -> [UInt8] {
        let refusal = error as? Refusal
        latest = refusal
        if fatal == nil, refusal == nil || host.isChange(name) { fatal = error }
        let told: JSONObject = [
            "code": .string(refusal?.code ?? "internal"), "message": .string(refusal?.sentence ?? "The call failed unexpectedly."),
        ]
        return JSON.object(["refused": .object(told)]).serialized()
    }

    private func note(_ content: [UInt8]) throws(ScriptProcess.Break) {
        guard let line = try? JSON.parse(content), let level = line[0]?.stringValue.flatMap(ScriptLogLine.Level.init),
            let message = line[1]?.stringValue
        else { throw .ended }
        host.note(ScriptLogLine(message, level))
    }

    private func done(_ content: [UInt8]) throws(ScriptProcess.Break) -> Result<JSON, any Error> {
        if let fatal { return .failure(fatal) }
        do { return .success(try JSON.parse(content)) } catch {
            let what = "The result must be whole Unicode, at most 128 levels deep."
            return .failure(ScriptFailure(kind: "error", message: what, place: ScriptPlace()).refusal(source))
        }
    }

    private func failure(_ content: [UInt8]) -> any Error {
        let failure = ScriptFailure(content)
        // The first change that failed is the cause, whatever the script made of it.
        if let fatal {
            guard let refusal = fatal as? Refusal else { return fatal }
            return failure.kind == "refused" ? refusal.at(failure.place, in: source) : refusal
        }
        if failure.kind == "refused", let latest, latest.code == failure.code { return latest.at(failure.place, in: source) }
        return failure.refusal(source)
    }
}

/// How a script failed, as the worker tells it; nothing in it is believed but as a text to show.
struct ScriptFailure {
    let kind: String
    let message: String
    var code = ""
    let place: ScriptPlace

    init(kind: String, message: String, place: ScriptPlace) {
        self.kind = kind
        self.message = message
        self.place = place
    }

    init(_ content: [UInt8]) {
        let json = (try? JSON.parse(content)) ?? .null
        kind = json["kind"]?.stringValue ?? ""
        message = json["message"]?.stringValue ?? "It failed without a reason."
        code = json["code"]?.stringValue ?? ""
        place = ScriptPlace(line: json["line"]?.intValue, column: json["column"]?.intValue)
    }

    /// What the caller is told.
    func refusal(_ source: ScriptSource) -> Refusal {
        let refusal: Refusal =
            switch kind {
            case "user": Refusal("script.user_error", .userError, message)
            case "syntax":
                Refusal(
                    "script.syntax", .invalid, "The script '\(source.name)' cannot be read\(place.words): \(message)",
                    instruction: "Correct it there.")
            default:
                Refusal(
                    "script.failed", .userError, "The script '\(source.name)' failed\(place.words): \(message)",
                    instruction: "Correct the script, or what it works on.")
            }
        return refusal.at(place, in: source)
    }
}
