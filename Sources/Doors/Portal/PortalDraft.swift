import Crypto
import JSON
import Kernel

/// A referral that somebody is filling in, or has sent.
struct PortalDraft: Sendable {
    /// A document that came with it, looked at already.
    struct File: Sendable {
        let name: String
        let mediaType: String
        let pages: Int
        let bytes: [UInt8]
    }

    /// What became of it.
    struct Result: Sendable {
        let number: String
        let token: String
    }

    var values: [String: String] = ["urgency": "routine"]
    var files: [File] = []
    /// Whether all answers were found right, so that it may be sent.
    var isComplete = false
    var result: Result?

    var fileBytes: Int { files.reduce(0) { $0 + $1.bytes.count } }

    /// The answers as they are kept for ever.
    func original(_ names: [String]) -> [UInt8] {
        var answers = JSONObject()
        for name in names { answers[name] = .string(values[name] ?? "") }
        let files = files.map { file -> JSON in
            ["name": .string(file.name), "type": .string(file.mediaType), "content": .string(Base64.standard.encode(file.bytes))]
        }
        let json: JSON = ["form": "portal.referral", "version": 1, "answers": .object(answers), "files": .array(files)]
        return json.serialized()
    }

    init() {}

    /// A draft read again from its original.
    init?(original: [UInt8]) {
        guard let json = try? JSON.parse(original), json["form"]?.stringValue == "portal.referral" else { return nil }
        for answer in json["answers"]?.objectValue?.members ?? [] { values[answer.key] = answer.value.stringValue ?? "" }
        for file in json["files"]?.arrayValue ?? [] {
            guard let name = file["name"]?.stringValue, let text = file["content"]?.stringValue, let bytes = Base64.standard.decode(text)
            else {
                return nil
            }
            files.append(File(name: name, mediaType: file["type"]?.stringValue ?? "", pages: 0, bytes: bytes))
        }
        isComplete = true
    }
}

extension Refusal {
    static func portalFull() -> Refusal {
        Refusal(
            "portal.full", .unavailable, "Too many referrals are being filled in at this moment.",
            instruction: "Try again in a few minutes, or call us.", details: ["retry_after": 300])
    }

    static func tooOften(_ seconds: Int) -> Refusal {
        Refusal(
            "portal.too_often", .limit, "Too many requests came from your address.",
            instruction: "Wait \(seconds) seconds and try again.", details: ["retry_after": .int(seconds)])
    }

    static func portalClosed() -> Refusal {
        Refusal(
            "portal.no_user", .unavailable, "The portal is not open.",
            instruction: "Please call us. An administrator must make the portal's user.")
    }
}
