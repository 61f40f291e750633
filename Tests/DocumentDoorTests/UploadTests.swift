import Base
import Exceptions
import Foundation
import JSON
import Kernel
import Pages
import Referrals
import TestKit
import Testing

@testable import DocumentDoor

@Suite struct UploadTests {
    @Test("a PDF is stored, checked and drawn, and its pages are served")
    func aPDFIsTaken() async throws {
        let place = try Place()
        let answer = try await place.upload(DocumentSamples.pdf(pages: 3))
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer.json["state"]?.stringValue == "checked")
        #expect(answer.json["pages"]?.intValue == 3)
        let id = try #require(answer.json["document_ids"]?[0]?.intValue)
        #expect(answer.headers["location"] == "/documents/\(id)/content")
        let page = try await place.ask("GET", "/documents/\(id)/pages/3.png", ["Authorization": Place.clerk])
        #expect(page.status == 200)
        #expect(page.headers["content-type"] == "image/png")
        #expect(page.body.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(try await place.ask("GET", "/documents/\(id)/pages/4.png", ["Authorization": Place.clerk]).status == 404)
        let content = try await place.ask("GET", answer.headers["location"] ?? "", ["Authorization": Place.clerk])
        #expect(content.body == DocumentSamples.pdf(pages: 3))
        #expect(content.headers["content-security-policy"]?.contains("sandbox") == true)
        #expect(content.headers["x-content-type-options"] == "nosniff")
        #expect(content.headers["content-disposition"]?.contains("letter.pdf") == true)
        await place.stop()
    }

    @Test("TIFF and PNG are taken as well", arguments: ["tiff", "png"])
    func imagesAreTaken(kind: String) async throws {
        let place = try Place()
        let bytes = kind == "tiff" ? DocumentSamples.tiff() : DocumentSamples.png()
        let answer = try await place.upload(bytes, type: "image/\(kind)", name: "scan.\(kind)")
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer.json["pages"]?.intValue == 1)
        await place.stop()
    }

    @Test("a browser's form is the same as plain bytes")
    func aFormIsTaken() async throws {
        let place = try Place()
        let head = "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"é.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
        let body = Array(head.utf8) + DocumentSamples.pdf("form") + Array("\r\n--xyz--\r\n".utf8)
        let answer = try await place.ask(
            "POST", "/documents", ["Authorization": Place.clerk, "Content-Type": "multipart/form-data; boundary=xyz"], body: body)
        #expect(answer.status == 201, "\(answer.text)")
        let names = try place.world.act { try $0.search(Document.self).map(\.displayedName) }
        #expect(names == ["é.pdf"])
        await place.stop()
    }

    @Test("the same content again is answered with the first one's id")
    func aDuplicateIsRecognised() async throws {
        let place = try Place()
        let first = try await place.upload(DocumentSamples.pdf("same"))
        let second = try await place.upload(DocumentSamples.pdf("same"), name: "again.pdf")
        #expect(second.status == 200)
        #expect(second.json["document_ids"] == first.json["document_ids"])
        #expect(try place.world.act { try $0.count(Document.self) } == 1)
        await place.stop()
    }

    @Test("an idempotency key gives the first answer again, and is refused for another content")
    func aKeyIsHonoured() async throws {
        let place = try Place()
        let key = ["Idempotency-Key": "k-1"]
        let first = try await place.upload(DocumentSamples.pdf("one"), key)
        let again = try await place.upload(DocumentSamples.pdf("one"), key)
        let other = try await place.upload(DocumentSamples.pdf("two"), key)
        #expect(first.status == 201 && again.status == 200)
        #expect(again.json["intake_id"] == first.json["intake_id"])
        #expect(other.status == 422)
        #expect(other.json["code"]?.stringValue == "intake.key_reused")
        await place.stop()
    }

    @Test("what is no good document is refused with a code, kept, and owned", arguments: [0, 1, 2, 3, 4, 5])
    func badDocumentsAreRefused(which: Int) async throws {
        let cases: [(bytes: [UInt8], type: String, status: Int, code: String)] = [
            (Array("MZ".utf8) + [UInt8](repeating: 0, count: 500), "image/png", 422, "document.unknown_kind"),
            (Array("%PDF-1.7\n".utf8) + [UInt8](repeating: 0xFF, count: 500), "application/pdf", 422, "document.broken"),
            (DocumentSamples.encryptedPDF(), "application/pdf", 422, "document.encrypted"),
            (DocumentSamples.png(declared: 2_000_000_000), "image/png", 422, "document.too_many_pixels"),
            (DocumentSamples.png(), "application/x-msdownload", 415, "document.wrong_type"),
            (Array("hello".utf8), "text/plain", 415, "document.wrong_type"),
        ]
        let place = try Place()
        let answer = try await place.upload(cases[which].bytes, type: cases[which].type, name: "bad.bin")
        #expect(answer.status == cases[which].status, "\(answer.text)")
        #expect(answer.json["code"]?.stringValue == cases[which].code)
        #expect(answer.json["instruction"]?.stringValue?.isEmpty == false)
        #expect(answer.headers["content-type"] == "application/problem+json")
        let kept = try place.world.act { env in
            let document = try env.search(Document.self).first
            let raised = try env.search(ExceptionCase.self).first
            return [
                document?.state?.rawValue ?? "", document?.refusalCode ?? "", document?.intake?.state?.rawValue ?? "", raised?.cause ?? "",
                String((raised?.user?.id ?? 0) > 0), String(document?.content == cases[which].bytes),
            ]
        }
        #expect(kept == ["refused", cases[which].code, "failed", cases[which].code, "true", "true"])
        await place.stop()
    }

    @Test("an upload of nothing, by nobody, or of too much is refused and nothing is kept")
    func nothingIsKeptOfNothing() async throws {
        let place = try Place { $0.documentBytes = 1_000 }
        #expect(try await place.upload([]).json["code"]?.stringValue == "document.empty")
        #expect(try await place.upload(DocumentSamples.pdf(), ["Authorization": "Bearer nonsense"]).status == 401)
        #expect(try await place.ask("POST", "/documents", ["Content-Type": "image/png"], body: DocumentSamples.png()).status == 401)
        let large = try await place.upload(DocumentSamples.pdf(pages: 20))
        #expect(large.status == 413)
        #expect(large.json["code"]?.stringValue == "document.too_large")
        #expect(try place.world.act { try $0.count(Intake.self) } == 0)
        await place.stop()
    }

    @Test("somebody without the right neither uploads nor sees a document")
    func rightsAreAsked() async throws {
        let place = try Place()
        let answer = try await place.upload(DocumentSamples.pdf())
        let id = try #require(answer.json["document_ids"]?[0]?.intValue)
        try place.world.act { env in
            let stranger = try env.search(User.self, .where("login", .equal, "stranger"))
            try stranger.write(["password": .text(Place.password)])
        }
        let other = ["Authorization": "Basic " + "stranger:\(Place.password)".base64]
        #expect(try await place.upload(DocumentSamples.pdf("x"), other).status == 403)
        #expect(try await place.ask("GET", "/documents/\(id)/content", other).status == 403)
        #expect(try await place.ask("GET", "/documents/\(id)/pages/1.png", other).status == 403)
        #expect(try await place.ask("GET", "/documents/\(id)/content").status == 401)
        await place.stop()
    }

    @Test("a document of another site is not told apart from one that does not exist")
    func otherSitesAreHidden() async throws {
        let place = try Place()
        let id = try place.world.act { env in
            let other = try env.create(Company.self, ["name": "Other site"])
            return try env.create(Document.self, ["name": "secret.pdf", "company_id": .int(other.id), "content": .bytes([1, 2, 3])]).id
        }
        let hidden = try await place.ask("GET", "/documents/\(id)/content", ["Authorization": Place.clerk])
        let missing = try await place.ask("GET", "/documents/999999/content", ["Authorization": Place.clerk])
        #expect(hidden.status == 404 && missing.status == 404)
        #expect(hidden.json == missing.json)
        await place.stop()
    }

    @Test("a document that is not looked at in time is kept, called that, and looked at when it is sent again")
    func anUnseenDocumentIsNotCalledChecked() async throws {
        var hasty = PageLimits()
        hasty.workerWallSeconds = 0
        let place = try Place(pageLimits: hasty)
        let answer = try await place.upload(DocumentSamples.pdf("hurry"))
        #expect(answer.status == 202 && answer.headers["retry-after"] == "60")
        #expect(answer.json["state"]?.stringValue == "received" && answer.json["code"]?.stringValue == "document.not_looked_at")
        #expect(answer.json["instruction"]?.stringValue?.contains("again") == true)
        let again = try await place.upload(DocumentSamples.pdf("hurry"))
        #expect(again.status == 202 && again.json["document_ids"] == answer.json["document_ids"])
        for _ in 0..<5 { try await place.door.reader.sweep() }
        let owned = try place.world.act { env in
            try env.search(ExceptionCase.self).map { "\($0.cause) \(($0.user?.id ?? 0) > 0)" }
        }
        #expect(owned == ["document.too_slow true"], "in the end somebody has to look")
        await place.stop()
    }

    @Test("an idempotency key that stood for another content: what came is kept, with an exception")
    func aReusedKeyIsKept() async throws {
        let place = try Place()
        let other = DocumentSamples.pdf("two")
        _ = try await place.upload(DocumentSamples.pdf("one"), ["Idempotency-Key": "k-1"])
        let answer = try await place.upload(other, ["Idempotency-Key": "k-1"])
        #expect(answer.status == 422 && answer.json["code"]?.stringValue == "intake.key_reused")
        let kept = try place.world.act { env in
            try env.search(Intake.self, .where("state", .equal, "failed")).map { "\($0.errorCode) \($0.content == other)" }
                + env.search(ExceptionCase.self).map(\.cause)
        }
        #expect(kept == ["intake.key_reused true", "intake.key_reused"])
        await place.stop()
    }

    @Test("a document that the server could not look at is kept and looked at later")
    func aSweepFinishes() async throws {
        let place = try Place()
        let id = try place.world.act { env in
            try DocumentDesk.store(.init(sender: "test", name: "left.pdf", bytes: DocumentSamples.pdf("left behind", pages: 2)), in: env)
                .documentId
        }
        try await place.door.reader.sweep()
        let found = try place.world.act { env in
            [env.record(Document.self, id).state?.rawValue ?? "", String(env.record(Document.self, id).pages.count)]
        }
        #expect(found == ["checked", "2"])
        let again = try await place.upload(DocumentSamples.pdf("left behind", pages: 2))
        #expect(again.status == 200)
        await place.stop()
    }
}

extension String {
    var base64: String { Data(utf8).base64EncodedString() }
}
