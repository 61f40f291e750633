import Crypto
import Exceptions
import JSON
import Kernel
import Pages
import Referrals
import TestKit
import Testing

@Suite struct FHIRDocumentTests {
    private static func document(_ bytes: [UInt8], type: String = "application/pdf") -> JSON {
        [
            "resourceType": "DocumentReference", "status": "current", "type": ["text": "ECG"],
            "content": [
                ["attachment": ["contentType": .string(type), "title": "ecg.pdf", "data": .string(Base64.standard.encode(bytes))]]
            ],
        ]
    }

    /// What was kept of requests that failed: the original's code, and whether somebody owns the exception about it.
    private static func kept(_ world: FHIRWorld) throws -> [String] {
        try world.world.act { env in
            let owned = try env.search(ExceptionCase.self).filter { $0.user != nil }.map { "\($0.record) \($0.cause)" }
            return try env.search(Intake.self, .where("state", .equal, "failed"), order: "id").map { intake in
                "\(intake.errorCode)\(owned.contains("\(intake.id) \(intake.errorCode)") && !intake.content.isEmpty ? "" : " without an owner")"
            }
        }
    }

    @Test("an encrypted, broken or monstrous attachment is told before the answer, at its place, and kept for somebody")
    func hostile() async throws {
        let bad: [(bytes: [UInt8], type: String, code: String)] = [
            (DocumentSamples.encryptedPDF(), "application/pdf", "document.encrypted"),
            (Array("%PDF-1.4\nnothing".utf8), "application/pdf", "document.broken"),
            (DocumentSamples.png(declared: 2_000_000_000), "image/png", "document.too_many_pixels"),
            (Array("ISA*00*".utf8), "application/pdf", "document.unknown_kind"),
        ]
        try await FHIRWorld.serve(pages: PageService(executable: WorkerPath.pages)) { world in
            for (bytes, type, code) in bad {
                let answer = try await world.send("POST", "/DocumentReference", FHIRDocumentTests.document(bytes, type: type))
                let told = answer.json.fhirValues("issue.details.coding.code").compactMap(\.stringValue)
                #expect(answer.status == 422 && told == [code], "\(answer.status) \(told) \(answer.diagnostics)")
                #expect(answer.places == ["DocumentReference.content[0].attachment"] && answer.diagnostics.contains(". "))
            }
            #expect(try FHIRDocumentTests.kept(world) == bad.map(\.code))
            #expect(try world.world.act { try $0.count(Document.self) } == 0)
            #expect(try await world.send("POST", "/DocumentReference", FHIRDocumentTests.document(DocumentSamples.pdf())).status == 201)
        }
    }

    @Test("an attachment that is not looked at in time is not taken: 503 with the time to wait, and what came is kept for somebody")
    func unseen() async throws {
        var hasty = PageLimits()
        hasty.workerWallSeconds = 0
        try await FHIRWorld.serve(pages: PageService(executable: WorkerPath.pages, limits: hasty)) { world in
            let answer = try await world.send("POST", "/DocumentReference", FHIRDocumentTests.document(DocumentSamples.pdf()))
            #expect(answer.status == 503 && answer.diagnostics.contains("Try again"))
            #expect(try FHIRDocumentTests.kept(world) == ["document.too_slow"])
            #expect(try world.world.act { try $0.count(Document.self) } == 0)
        }
    }

    @Test("a referral with a document that opens for nobody is refused whole and kept; mended under its number it is taken")
    func transaction() async throws {
        try await FHIRWorld.serve(pages: PageService(executable: WorkerPath.pages)) { world in
            func referral(_ bytes: [UInt8]) -> JSON {
                let bundle = Sample.referral("D-1")
                let entries = (bundle["entry"]?.arrayValue ?? []).map { entry -> JSON in
                    guard entry["resource"]?["resourceType"] == "DocumentReference", let old = entry["resource"] else { return entry }
                    return entry.with("resource", old.with("content", FHIRDocumentTests.document(bytes)["content"]))
                }
                return bundle.with("entry", .array(entries))
            }
            let refused = try await world.send("POST", "", referral(DocumentSamples.encryptedPDF()), as: "gp")
            #expect(refused.status == 422 && refused.places == ["Bundle.entry[5].resource.content[0].attachment"], "\(refused.places)")
            #expect(try FHIRDocumentTests.kept(world) == ["document.encrypted"])
            #expect(try world.world.act { try $0.count(Referral.self) } == 0)
            #expect(try await world.send("POST", "", referral(DocumentSamples.pdf()), as: "gp").status == 200)
            #expect(try world.world.act { try $0.count(Referral.self) } == 1)
        }
    }

    @Test("what cannot be carried out is kept for somebody, whatever it was; of somebody unknown nothing is kept")
    func misfits() async throws {
        try await FHIRWorld.serve { world in
            let future = Sample.patient("F-1", born: "2199-01-01")
            #expect(try await world.send("POST", "/Patient", future).status == 422)
            #expect(try await world.send("POST", "/Patient", raw: "{\"resourceType\":").status == 400)
            let made = try await world.make(Sample.patient("S-1"))
            let changed = made.json.with("gender", "other")
            let stale = try await world.send("PUT", "/Patient/\(made.id)", changed, headers: ["If-Match": "W/\"99\""])
            #expect(stale.status == 412)
            let body = #"{"resourceType":"Coverage"}"#
            let head = "POST /fhir/Coverage HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/fhir+json\r\n"
            let unknown = try BareRequest.send(head + "Content-Length: \(body.utf8.count)\r\n\r\n" + body, port: world.server.port)
            #expect(unknown.contains(" 401 "))
            #expect(try FHIRDocumentTests.kept(world) == ["patient.birth_date", "fhir.unreadable", "record.stale"])
        }
    }
}
