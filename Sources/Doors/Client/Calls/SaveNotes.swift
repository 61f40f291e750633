import Crypto
import Kernel
import Store

/// Saves that were done a short while ago, by the key that the client gave them: an answer that was lost on the way is given again.
///
/// Shape: `once` in the body of `save`, up to 64 letters, chosen anew for each save. Only the record's id is kept, for an hour.
struct SaveNotes: Sendable {
    private static let seconds = 3_600
    private static let limit = 20_000
    private static let letters = 64

    private let notes: SharedNotes

    init(_ database: Database) { notes = SharedNotes(database, room: "save", limit: SaveNotes.limit) }

    /// Does a save, unless the same one was done already; the record's id.
    func once(_ call: ClientCall, _ save: () async throws -> Int) async throws -> Int {
        guard let key = call.text("once") else { return try await save() }
        guard (8...SaveNotes.letters).contains(key.utf8.count) else {
            throw Refusal.badCall("once", "8 to \(SaveNotes.letters) letters")
        }
        // Another user's key, or another record's, is another save.
        let name = SHA256.hash("\(call.caller.userId) \(call.text("model") ?? "") \(call.number("id") ?? 0) \(key)").hex
        if let done = try await notes.find(name), let id = Int(done.text) { return id }
        let id = try await save()
        try await notes.change([name]) { notes, now in notes[0] = SharedNote(String(id), until: now + SaveNotes.seconds) }
        return id
    }
}
