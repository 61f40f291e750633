import Base
import JSON
import Kernel
import Pages
import Referrals
import Store
import Suggestions
import TestKit
import Testing

@testable import DocumentDoor

/// What the viewer searches, selects and takes: words with their places, originals, and files of records.
@Suite struct WordTests {
    private static let letter = ["Referral Request Form", "Patient Name: Amara Okafor", "Reason for Referral: Chest pain on effort"]
    private static let second = ["Second sheet of the letter about Amara Okafor", "Blood pressure 140 over 90 on both visits"]
    private static let clerk = ["Authorization": Place.clerk]
    private static let stranger = ["Authorization": Place.basic("stranger")]

    private func places(_ answer: Place.Answer) -> [String: [Int]] {
        var found: [String: [Int]] = [:]
        for word in answer.json["words"]?.arrayValue ?? [] {
            let parts = word.arrayValue ?? []
            if let text = parts.first?.stringValue { found[text] = parts.dropFirst().compactMap(\.intValue) }
        }
        return found
    }

    /// Of which pages words are kept.
    private func kept(_ place: Place) throws -> [Bool] {
        try place.world.act { env in try env.search(DocumentPage.self).map { PageWords.kept($0) != nil } }
    }

    @Test("the words that reading found are kept with their places on the page, and answered without reading again")
    func keptWords() async throws {
        let place = try Place()
        #expect(try await place.upload(DocumentSamples.pdf(pages: [Self.letter, Self.second])).status == 201)
        try await ReadingJobs(place.world.database, PageService(executable: Place.worker)).read(1)
        #expect(try kept(place) == [true, true])
        let answer = try await place.ask("GET", "/documents/1/words/1", Self.clerk)
        #expect(
            answer.status == 200 && answer.json["source"] == "text_layer" && answer.headers["cache-control"]?.contains("no-store") == true)
        let found = places(answer)
        let name = try #require(found["Okafor"])
        #expect(name.count == 5 && name.dropLast().allSatisfy { (0...10_000).contains($0) } && name[0] < name[2] && name[1] < name[3])
        #expect(try #require(found["Amara"])[4] == name[4] && #require(found["Amara"])[2] <= name[0])
        #expect(try #require(found["Chest"])[1] > name[1])
        #expect(places(try await place.ask("GET", "/documents/1/words/2", Self.clerk))["Second"] != nil)
    }

    @Test("a page that nobody read is read when somebody asks, and what was found is kept")
    func readOnDemand() async throws {
        let place = try Place()
        #expect(try await place.upload(DocumentSamples.pdf(lines: Self.letter)).status == 201)
        #expect(try kept(place) == [false])
        #expect(places(try await place.ask("GET", "/documents/1/words/1", Self.clerk))["Okafor"] != nil)
        #expect(try kept(place) == [true])
    }

    @Test("words of a page out of reach, of no page and of nobody are refused")
    func refused() async throws {
        let place = try Place()
        #expect(try await place.upload(DocumentSamples.pdf(lines: Self.letter)).status == 201)
        #expect(try await place.ask("GET", "/documents/1/words/1").status == 401)
        let stranger = try await place.ask("GET", "/documents/1/words/1", Self.stranger)
        #expect(stranger.status >= 400 && !stranger.text.contains("Okafor"))
        #expect(try await place.ask("GET", "/documents/99/words/1", Self.clerk).json["code"] == "document.unknown")
        for page in ["2", "0", "x"] {
            #expect(try await place.ask("GET", "/documents/1/words/\(page)", Self.clerk).json["code"] == "document.no_such_page")
        }
    }

    private func exports(_ place: Place) throws -> [String] {
        try place.world.database.systemBlocking { connection in
            try connection.query("SELECT model || ' ' || detail FROM baton_audit WHERE kind = 'export'", [], [.text])
                .compactMap(\.textValue)
        }
    }

    @Test("whoever takes an original stands in the trail with what was taken, and whoever may not take it does not")
    func originals() async throws {
        let place = try Place()
        let bytes = DocumentSamples.pdf(lines: Self.letter)
        #expect(try await place.upload(bytes).status == 201)
        #expect(try await place.ask("GET", "/documents/1/content", Self.stranger).status >= 400)
        #expect(try exports(place).isEmpty)
        let answer = try await place.ask("GET", "/documents/1/content", Self.clerk)
        #expect(answer.status == 200 && answer.body == bytes)
        let digest = try place.world.act { $0.record(Document.self, 1).digest }
        let lines = try exports(place)
        #expect(lines.count == 1 && lines.allSatisfy { $0.hasPrefix("care.document ") && $0.contains(digest) })
    }

    @Test("a file of a record is shown page by page, read and taken by whoever may read the record, and by nobody else")
    func attachments() async throws {
        let place = try Place()
        let bytes = DocumentSamples.pdf(pages: [Self.letter, Self.second])
        let id = try place.world.act { env -> Int in
            let patient = try env.create(Patient.self, ["family_name": "Okafor", "given_name": "Amara"])
            return try env.create(
                Attachment.self,
                ["name": "letter.pdf", "datas": .bytes(bytes), "res_model": .text(Patient.name), "res_id": .int(patient.id)]
            ).id
        }
        let sheet = try await place.ask("GET", "/attachments/\(id)/sheet", Self.clerk)
        #expect(sheet.status == 200 && sheet.json["name"] == "letter.pdf" && sheet.json["pages"]?.arrayValue?.count == 2)
        let picture = try await place.ask("GET", "/attachments/\(id)/pages/2.png", Self.clerk)
        #expect(picture.status == 200 && picture.headers["content-type"] == "image/png" && picture.body.starts(with: [0x89, 0x50]))
        #expect(places(try await place.ask("GET", "/attachments/\(id)/words/1", Self.clerk))["Okafor"] != nil)
        let original = try await place.ask("GET", "/attachments/\(id)/content", Self.clerk)
        #expect(original.body == bytes && original.headers["content-disposition"]?.hasPrefix("attachment") == true)
        #expect(try exports(place).map { $0.hasPrefix("ir.attachment ") } == [true])
        for path in ["sheet", "pages/1.png", "words/1", "content"] {
            let stranger = try await place.ask("GET", "/attachments/\(id)/\(path)", Self.stranger)
            #expect(stranger.status >= 400 && !stranger.text.contains("Okafor"), "\(path): \(stranger.status)")
            #expect(try await place.ask("GET", "/attachments/\(id)/\(path)").status == 401)
            #expect(try await place.ask("GET", "/attachments/999/\(path)", Self.clerk).json["code"] == "document.unknown")
        }
    }
}
