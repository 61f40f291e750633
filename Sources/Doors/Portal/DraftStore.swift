import Crypto
import JSON
import Kernel
import Store

/// The referrals that are being filled in: for a short time, not more than fit, and the same on every node.
///
/// Where several nodes share a database they stand there, sealed under a key that only the visitor's browser has: nobody who reads the
/// database reads a draft, and none of it can be opened any more when the visitor is gone.
final class DraftStore: Sendable {
    /// Seconds after which sending that never ended counts as ended: its process is gone. The referral itself comes once in any case.
    private static let sendingSeconds = 120
    private static let sent = "sent"
    private static let purpose = "portal.draft"
    /// Bytes of a draft's id.
    private static let idBytes = 16

    private let configuration: PortalConfiguration
    private let notes: SharedNotes

    init(_ database: Database, _ configuration: PortalConfiguration) {
        self.configuration = configuration
        notes = SharedNotes(
            database, room: DraftStore.purpose, limit: configuration.draftCount, byteLimit: configuration.draftBytes,
            overflow: .refuse(.portalFull()))
    }

    /// A new draft's id, which only its visitor's browser knows.
    static func newId() -> String { Hex.encode(SystemRandomSource().bytes(idBytes)) }

    static func isId(_ text: String) -> Bool { text.utf8.count == idBytes * 2 && Hex.decode(text) != nil }

    private static func box(_ id: String) -> SecretBox { SecretBox(SHA256.hash("portal.draft.key:" + id)) }
    private static func name(_ id: String) -> String { SHA256.hash("portal.draft.name:" + id).hex }

    func draft(_ id: String) async throws -> PortalDraft? {
        guard let note = try await notes.find(DraftStore.name(id)) else { return nil }
        return try PortalDraft(kept: try DraftStore.box(id).open(note.bytes, for: DraftStore.purpose))
    }

    /// Keeps a draft.
    ///
    /// - Throws: `portal.full`.
    func keep(_ draft: PortalDraft, _ id: String) async throws {
        let sealed = DraftStore.box(id).seal(draft.kept, for: DraftStore.purpose)
        let seconds = configuration.draftSeconds
        try await notes.change([DraftStore.name(id)]) { notes, now in
            // What was sent while this form was on its way stays sent.
            if notes[0]?.text == DraftStore.sent { return }
            notes[0] = SharedNote(notes[0]?.text ?? "", bytes: sealed, until: now + seconds)
        }
    }

    /// Whether sending may begin: nobody else is at it.
    func begin(_ id: String) async throws -> Bool {
        try await notes.change([DraftStore.name(id)]) { notes, now in
            guard let note = notes[0], note.text != DraftStore.sent, Int(note.text) ?? 0 <= now.seconds else { return false }
            notes[0]?.text = String(now.seconds + DraftStore.sendingSeconds)
            return true
        }
    }

    /// Ends sending; what was sent is no longer needed, only its number.
    func end(_ id: String, _ result: PortalDraft.Result?) async throws {
        var sealed: [UInt8]?
        if let result {
            var sent = PortalDraft()
            sent.result = result
            sealed = DraftStore.box(id).seal(sent.kept, for: DraftStore.purpose)
        }
        try await notes.change([DraftStore.name(id)]) { [sealed] notes, _ in
            notes[0]?.text = sealed == nil ? "" : DraftStore.sent
            if let sealed { notes[0]?.bytes = sealed }
        }
    }
}

extension PortalDraft {
    private static let lengthBytes = 4

    /// The draft as it is kept: the length of a JSON text, the text, then the documents one behind the other.
    var kept: [UInt8] {
        var answers = JSONObject()
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { answers[name] = .string(value) }
        let files = files.map { file -> JSON in
            [
                "name": .string(file.name), "type": .string(file.mediaType), "pages": .int(Int64(file.pages)),
                "size": .int(Int64(file.bytes.count)),
            ]
        }
        var head: JSONObject = ["answers": .object(answers), "files": .array(files), "complete": .bool(isComplete)]
        if let result { head["result"] = ["number": .string(result.number), "token": .string(result.token)] }
        let text = JSON.object(head).serialized()
        let length = (0..<PortalDraft.lengthBytes).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        return self.files.reduce(into: length + text) { $0 += $1.bytes }
    }

    /// A draft that was kept.
    init(kept bytes: [UInt8]) throws {
        self.init()
        guard bytes.count >= PortalDraft.lengthBytes else { return }
        let length = (0..<PortalDraft.lengthBytes).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
        var place = PortalDraft.lengthBytes + length
        guard place <= bytes.count else { return }
        let head = try JSON.parse(Array(bytes[PortalDraft.lengthBytes..<place]))
        values = [:]
        for answer in head["answers"]?.objectValue?.members ?? [] { values[answer.key] = answer.value.stringValue ?? "" }
        for file in head["files"]?.arrayValue ?? [] {
            let size = file["size"]?.intValue ?? 0
            guard size >= 0, place + size <= bytes.count else { return }
            files.append(
                File(
                    name: file["name"]?.stringValue ?? "", mediaType: file["type"]?.stringValue ?? "", pages: file["pages"]?.intValue ?? 0,
                    bytes: Array(bytes[place..<place + size])))
            place += size
        }
        isComplete = head["complete"]?.boolValue ?? false
        if let number = head["result"]?["number"]?.stringValue, let token = head["result"]?["token"]?.stringValue {
            result = Result(number: number, token: token)
        }
    }
}
