import Base
import Foundation
import Kernel
import MIME
import Referrals
import Store

/// A folder into which scanners and fax servers lay documents.
///
/// A file is taken when it has not changed between two looks. It is stored first, then looked at, then moved to `taken/` or `refused/`,
/// where a text beside it says why. A crash at any point leaves the file where it was; its name, time and content tell that it was stored.
/// Nodes may watch the same folder: each file is one's turn.
/// A subfolder whose name is that of a site takes documents for that site.
final class WatchedFolder: Sendable {
    private let root: URL
    private let reader: DocumentReader
    private let configuration: DocumentDoorConfiguration
    /// How each file looked when it was last seen.
    private let seen = Locked<[String: Look]>([:])
    /// Which node has a file in hand.
    private let turns: SharedNotes

    /// Seconds after which a file that a node took in hand is anybody's again: that node is gone.
    private static let turnSeconds = 300
    /// Files looked at in one sweep; the rest waits for the next.
    static let fileLimit = 200
    private static let (taken, refused) = ("taken", "refused")
    private static let unfinished = [".part", ".tmp", ".crdownload", ".filepart", ".partial", ".swp", "~"]

    /// What tells whether a file is still being written.
    private struct Look: Equatable {
        var size: Int
        var changed: Int
        var inode: Int
    }

    init(_ path: String, reader: DocumentReader, configuration: DocumentDoorConfiguration) throws {
        root = URL(fileURLWithPath: path, isDirectory: true)
        self.reader = reader
        self.configuration = configuration
        turns = SharedNotes(reader.database, room: "folder.file", limit: 10_000)
        do { try WatchedFolder.prepare(root) } catch { throw Refusal.unusableFolder() }
        guard FileManager.default.isWritableFile(atPath: root.path) else { throw Refusal.unusableFolder() }
    }

    private static func prepare(_ folder: URL) throws {
        for name in [taken, refused] {
            try FileManager.default.createDirectory(at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
        }
    }

    /// Takes what is complete; a file that cannot be handled now stays and is tried again.
    func sweep() async throws {
        let sites = try await sites()
        for (folder, site) in sites {
            for file in ready(in: folder) {
                if Task.isCancelled { return }
                try await take(file, in: folder, for: site)
            }
        }
    }

    // MARK: - Finding

    /// The folder itself, and subfolders that bear a site's name or number.
    private func sites() async throws -> [(URL, Int?)] {
        let names = folders(in: root)
        guard !names.isEmpty else { return [(root, nil)] }
        let companies = try await reader.database.read(as: .system, superuser: true) { env in
            try env.search(Company.self, limit: 1_000).map { ($0.id, $0.displayedName.lowercased()) }
        }
        let found = names.compactMap { name -> (URL, Int?)? in
            guard let site = companies.first(where: { $0.1 == name.lowercased() || String($0.0) == name }) else { return nil }
            return (root.appendingPathComponent(name, isDirectory: true), site.0)
        }
        return [(root, nil)] + found
    }

    private func folders(in folder: URL) -> [String] {
        names(in: folder).filter { name in
            var status = stat()
            return name != WatchedFolder.taken && name != WatchedFolder.refused
                && lstat(folder.appendingPathComponent(name).path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        }
    }

    private func names(in folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Plain files that look as they did at the last sweep; links are left alone.
    private func ready(in folder: URL) -> [URL] {
        var ready: [URL] = []
        var present: [String: Look] = [:]
        for name in names(in: folder) where !WatchedFolder.unfinished.contains(where: { name.lowercased().hasSuffix($0) }) {
            let file = folder.appendingPathComponent(name)
            var status = stat()
            guard lstat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            let changed = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
            let look = Look(size: Int(status.st_size), changed: changed, inode: Int(status.st_ino))
            present[file.path] = look
            if look.size > 0, ready.count < WatchedFolder.fileLimit, seen.withLock({ $0[file.path] }) == look { ready.append(file) }
        }
        let prefix = folder.path + "/"
        seen.withLock { seen in
            seen = seen.filter { !$0.key.hasPrefix(prefix) || $0.key.dropFirst(prefix.count).contains("/") }
            seen.merge(present) { $1 }
        }
        return ready
    }

    // MARK: - Taking

    private func take(_ file: URL, in folder: URL, for site: Int?) async throws {
        guard let look = seen.withLock({ $0[file.path] }) else { return }
        let name = WatchedFolder.controlId(file, look.changed, look.size)
        guard try await takeTurn(name) else { return }
        try await taken(file, look, name, in: folder, for: site)
    }

    /// Whether this node may take a file in hand: no other has it.
    private func takeTurn(_ name: String) async throws -> Bool {
        let node = reader.database.node
        return try await turns.change([name]) { notes, now in
            if let note = notes[0], note.text != node { return false }
            notes[0] = SharedNote(node, until: now + WatchedFolder.turnSeconds)
            return true
        }
    }

    private func taken(_ file: URL, _ look: Look, _ name: String, in folder: URL, for site: Int?) async throws {
        guard look.size <= configuration.documentBytes else {
            return try await refuseLarge(file, in: folder, for: site)
        }
        guard let data = try? Data(contentsOf: file) else { return }
        let bytes = Array(data)
        var arrival = DocumentDesk.Arrival(
            sender: "folder", name: FileName.sanitised(file.lastPathComponent), bytes: bytes)
        arrival.controlId = name
        let standing = try await store(arrival, for: site)
        let outcome = standing.state == .received ? try await reader.look(at: standing.documentId) : standing
        switch outcome.state {
        case .received: return  // The server could not look at it; the file stays until it can.
        case .refused:
            let why =
                "\(outcome.refusalCode)\n\(outcome.refusalText)\nKept as document \(outcome.documentId), message \(outcome.intakeId).\n"
            try move(file, in: folder, to: WatchedFolder.refused, saying: why)
        case .checked, .entered:
            let note = standing.isDuplicate ? "document.duplicate\nThe content is that of document \(outcome.documentId).\n" : nil
            try move(file, in: folder, to: WatchedFolder.taken, saying: note)
        }
    }

    /// The same file is the same delivery, however often it is seen.
    private static func controlId(_ file: URL, _ changed: Int, _ size: Int) -> String {
        "\(changed):\(size):" + String(file.lastPathComponent.prefix(150))
    }

    private func store(_ arrival: DocumentDesk.Arrival, for site: Int?) async throws -> DocumentDesk.Standing {
        let context: ValueMap = site.map { ["allowed_company_ids": .ids([$0])] } ?? [:]
        guard let login = configuration.folderLogin else {
            return try await reader.database.write(as: .system, context: context, superuser: true) {
                try DocumentDesk.store(arrival, in: $0)
            }
        }
        let found = try await reader.database.read(as: .system, superuser: true) { env in
            try env.search(User.self, .where("login", .equal, .text(login)), limit: 1).first?.id
        }
        guard let user = found else { throw Refusal.noFolderUser() }
        return try await reader.database.write(as: user, context: context) { try DocumentDesk.store(arrival, in: $0) }
    }

    private func refuseLarge(_ file: URL, in folder: URL, for site: Int?) async throws {
        let refusal = Refusal.largeDocument(configuration.documentBytes)
        let context: ValueMap = site.map { ["allowed_company_ids": .ids([$0])] } ?? [:]
        try await reader.database.write(as: .system, context: context, superuser: true) { env in
            try DocumentDesk.note(refusal, about: "A file in the watched folder is too large", in: env)
        }
        try move(file, in: folder, to: WatchedFolder.refused, saying: "\(refusal.code)\n\(refusal.sentence)\n")
    }

    /// Moves a file under a name that is free; the text beside it is there before the file is.
    private func move(_ file: URL, in folder: URL, to place: String, saying text: String?) throws {
        let target = folder.appendingPathComponent(place, isDirectory: true)
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        let free = WatchedFolder.freeName(file.lastPathComponent, in: target)
        if let text { try Data(text.utf8).write(to: target.appendingPathComponent(free + ".reason.txt"), options: .atomic) }
        try FileManager.default.moveItem(at: file, to: target.appendingPathComponent(free))
        _ = seen.withLock { $0.removeValue(forKey: file.path) }
    }

    private static func freeName(_ name: String, in folder: URL) -> String {
        let isFree = { (name: String) in !FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path) }
        if isFree(name) { return name }
        let url = URL(fileURLWithPath: name)
        let (stem, ending) = (url.deletingPathExtension().lastPathComponent, url.pathExtension)
        for number in 2..<100_000 {
            let candidate = ending.isEmpty ? "\(stem)-\(number)" : "\(stem)-\(number).\(ending)"
            if isFree(candidate) { return candidate }
        }
        return UUID().uuidString + "-" + name
    }
}

extension Refusal {
    static func unusableFolder() -> Refusal {
        Refusal(
            "folder.unusable", .unavailable, "The watched folder cannot be made or written.",
            instruction: "Check the path and who may write there.")
    }

    static func noFolderUser() -> Refusal {
        Refusal(
            "folder.no_user", .unavailable, "The user that acts for the watched folder does not exist.",
            instruction: "Make the user, or name another login.")
    }
}
