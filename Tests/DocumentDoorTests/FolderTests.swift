import Base
import Exceptions
import Foundation
import Kernel
import Referrals
import TestKit
import Testing

@testable import DocumentDoor

@Suite struct FolderTests {
    /// A folder and what watches it, swept by hand.
    private final class Drop {
        let place: Place
        let folder: URL
        var watched: WatchedFolder

        init() throws {
            folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-drop-\(UUID().uuidString)")
            let path = folder.path
            place = try Place { $0.watchFolder = path }
            watched = try WatchedFolder(path, reader: place.door.reader, configuration: place.door.configuration)
        }

        /// A process that begins anew.
        func restart() throws {
            watched = try WatchedFolder(folder.path, reader: place.door.reader, configuration: place.door.configuration)
        }

        func lay(_ name: String, _ bytes: [UInt8]) throws {
            let file = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }

        func sweep(_ times: Int = 2) async throws { for _ in 0..<times { try await watched.sweep() } }

        func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path) }

        func text(_ name: String) -> String { (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? "" }

        func end() async {
            await place.stop()
            try? FileManager.default.removeItem(at: folder)
        }
    }

    @Test("a complete file becomes a document and moves to taken")
    func aFileIsTaken() async throws {
        let drop = try Drop()
        try drop.lay("fax.pdf", DocumentSamples.pdf("fax", pages: 2))
        try await drop.sweep(1)
        #expect(drop.has("fax.pdf"), "a file is not taken at first sight")
        try await drop.sweep(1)
        #expect(!drop.has("fax.pdf") && drop.has("taken/fax.pdf"))
        let documents = try drop.place.world.act {
            try $0.search(Document.self).map { "\($0.displayedName) \($0.state?.rawValue ?? "") \($0.pageCount)" }
        }
        #expect(documents == ["fax.pdf checked 2"])
        await drop.end()
    }

    @Test("a file that still grows, or has a name of a part, is left alone")
    func growingFilesWait() async throws {
        let drop = try Drop()
        try drop.lay("a.pdf", Array(DocumentSamples.pdf().prefix(100)))
        try drop.lay("b.pdf.part", DocumentSamples.pdf())
        try drop.lay(".hidden.pdf", DocumentSamples.pdf())
        try await drop.sweep(1)
        try drop.lay("a.pdf", DocumentSamples.pdf())
        try await drop.sweep(1)
        #expect(try drop.place.world.act { try $0.count(Document.self) } == 0)
        try await drop.sweep(1)
        #expect(drop.has("taken/a.pdf") && drop.has("b.pdf.part") && drop.has(".hidden.pdf"))
        await drop.end()
    }

    @Test("a bad file moves to refused with its reason beside it, and has an owner")
    func badFilesAreRefused() async throws {
        let drop = try Drop()
        try drop.lay("bad.pdf", Array("no document".utf8))
        try await drop.sweep()
        #expect(drop.has("refused/bad.pdf"))
        #expect(drop.text("refused/bad.pdf.reason.txt").hasPrefix("document.unknown_kind\n"))
        #expect(try drop.place.world.act { try $0.count(ExceptionCase.self) } == 1)
        await drop.end()
    }

    @Test("a file that comes again under the same name keeps both")
    func namesDoNotClash() async throws {
        let drop = try Drop()
        for text in ["one", "two"] {
            try drop.lay("fax.pdf", DocumentSamples.pdf(text))
            try await drop.sweep()
        }
        #expect(drop.has("taken/fax.pdf") && drop.has("taken/fax-2.pdf"))
        #expect(try drop.place.world.act { try $0.count(Document.self) } == 2)
        await drop.end()
    }

    @Test("the same content again is told as a duplicate")
    func duplicatesAreTold() async throws {
        let drop = try Drop()
        for name in ["first.pdf", "second.pdf"] {
            try drop.lay(name, DocumentSamples.pdf("same"))
            try await drop.sweep()
        }
        #expect(drop.text("taken/second.pdf.reason.txt").hasPrefix("document.duplicate"))
        #expect(try drop.place.world.act { try $0.count(Document.self) } == 1)
        await drop.end()
    }

    @Test("a crash before the file is moved does not make it twice", arguments: ["good.pdf", "bad.pdf"])
    func crashesDoNotDouble(name: String) async throws {
        let drop = try Drop()
        let bytes = name == "good.pdf" ? DocumentSamples.pdf("crash") : Array("garbage".utf8)
        try drop.lay(name, bytes)
        // The machine stops after the store has answered and before the file is moved: the file lies where it lay.
        let file = drop.folder.appendingPathComponent(name)
        let kept = drop.folder.appendingPathComponent(".kept")
        try FileManager.default.linkItem(at: file, to: kept)
        try await drop.sweep()
        let place = name == "good.pdf" ? "taken" : "refused"
        try FileManager.default.removeItem(at: drop.folder.appendingPathComponent("\(place)/\(name)"))
        try FileManager.default.moveItem(at: kept, to: file)
        try drop.restart()
        try await drop.sweep()
        #expect(!drop.has(name) && drop.has("\(place)/\(name)"))
        let counts = try drop.place.world.act { [try $0.count(Document.self), try $0.count(Intake.self)] }
        #expect(counts == [1, 1])
        await drop.end()
    }

    @Test("a crash between storing and looking is made good")
    func aCrashIsMadeGood() async throws {
        let drop = try Drop()
        try drop.lay("fax.pdf", DocumentSamples.pdf("half"))
        let id = try drop.place.world.act { env in
            try DocumentDesk.store(.init(sender: "folder", name: "fax.pdf", bytes: DocumentSamples.pdf("half")), in: env).documentId
        }
        try await drop.sweep()
        #expect(drop.has("taken/fax.pdf"))
        let documents = try drop.place.world.act { try $0.search(Document.self).map { [$0.id, $0.pageCount] } }
        #expect(documents == [[id, 1]])
        await drop.end()
    }

    @Test("a subfolder with a site's name takes documents for that site")
    func sitesHaveFolders() async throws {
        let drop = try Drop()
        let site = try drop.place.world.act { try $0.create(Company.self, ["name": "North Hospital"]).id }
        try drop.lay("North Hospital/scan.png", DocumentSamples.png())
        try drop.lay("elsewhere/scan.png", DocumentSamples.png(shade: 9))
        try await drop.sweep()
        #expect(drop.has("North Hospital/taken/scan.png") && drop.has("elsewhere/scan.png"))
        #expect(try drop.place.world.act { try $0.search(Document.self).map { $0.company?.id } } == [site])
        await drop.end()
    }

    @Test("the watch takes files by itself until it is stopped")
    func theWatchWorks() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-drop-\(UUID().uuidString)")
        let place = try Place {
            $0.watchFolder = folder.path
            $0.pollSeconds = 0.05
        }
        let watch = try place.door.open()
        try Data(DocumentSamples.pdf("watched")).write(to: folder.appendingPathComponent("w.pdf"))
        let taken = folder.appendingPathComponent("taken/w.pdf").path
        for _ in 0..<200 where !FileManager.default.fileExists(atPath: taken) { try await Task.sleep(for: .milliseconds(50)) }
        #expect(FileManager.default.fileExists(atPath: taken))
        await watch.stop()
        await place.stop()
        try? FileManager.default.removeItem(at: folder)
    }
}
