import ClientDoor
import Foundation
import HTTPServer
import Kernel
import Testing

@Suite struct FileTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Client")
        .standardized.path

    private static func base(_ page: String) throws -> String {
        String(try #require(page.firstMatch(of: #/data-base="([^"]+)"/#)).1)
    }

    @Test("every address of the client gets its page, under a policy that lets nothing else run")
    func page() async throws {
        let desk = try Desk { $0.folder = FileTests.folder }
        for path in ["/app", "/app/referrals/list?filter=open", "/app/no/such"] {
            let answer = try await desk.ask(.get, path)
            #expect(answer.status == 200)
            let policy = try #require(answer.headers["Content-Security-Policy"])
            for part in [
                "default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
                "trusted-types kit",
            ] {
                #expect(policy.contains(part))
            }
            #expect(!policy.contains("unsafe") && policy.hasSuffix("; worker-src 'self'"))
            let text = String(decoding: answer.bytes, as: UTF8.self)
            #expect(!text.contains("{{") && !text.contains("<style") && !text.contains("onclick"))
        }
        #expect(try await desk.ask(.get, "/app/api/no_such").status == 404)
    }

    @Test("files are kept for ever under their hash, packed where the browser takes it, and asked for again cost nothing")
    func files() async throws {
        let desk = try Desk { $0.folder = FileTests.folder }
        let base = try FileTests.base(String(decoding: try await desk.ask(.get, "/app").bytes, as: UTF8.self))
        let plain = try await desk.ask(.get, base + "/app.js")
        #expect(plain.status == 200 && plain.headers["Content-Type"] == "text/javascript; charset=utf-8")
        #expect(plain.headers["Cache-Control"] == "public, max-age=31536000, immutable")
        let packed = try await desk.ask(.get, base + "/app.js", headers: ["Accept-Encoding": "br, gzip"])
        #expect(packed.headers["Content-Encoding"] == "gzip" && packed.bytes.count < plain.bytes.count)
        #expect(packed.bytes.starts(with: [0x1F, 0x8B]))
        let tag = try #require(packed.headers["ETag"])
        let again = try await desk.ask(.get, base + "/app.js", headers: ["Accept-Encoding": "gzip", "If-None-Match": tag])
        #expect(again.status == 304 && again.bytes.isEmpty)
    }

    @Test(
        "Brotli's form goes to whoever takes it, by a tag of its own; who refuses it or does not name it gets another, and nobody asks for it by name"
    )
    func brotli() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("client-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("<html data-base=\"{{base}}\">".utf8).write(to: folder.appendingPathComponent("index.html"))
        try Data(String(repeating: "export const a = 1\n", count: 200).utf8).write(to: folder.appendingPathComponent("app.js"))
        try Data("packed before".utf8).write(to: folder.appendingPathComponent("app.js.br"))
        let desk = try Desk { $0.folder = folder.path }
        let base = try FileTests.base(String(decoding: try await desk.ask(.get, "/app").bytes, as: UTF8.self))
        var tags: Set<String> = []
        for (accepted, coding) in [
            ("gzip, deflate, br", "br"), ("gzip;q=1, br;q=0", "gzip"), ("gzip", "gzip"), ("br;q=0.000", nil), ("", nil),
        ] {
            let answer = try await desk.ask(.get, base + "/app.js", headers: ["Accept-Encoding": accepted])
            #expect(answer.headers["Content-Encoding"] == coding, "\(accepted)")
            #expect((answer.bytes == Array("packed before".utf8)) == (coding == "br"))
            #expect(answer.headers["Vary"] == "Accept-Encoding")
            tags.insert(try #require(answer.headers["ETag"]))
        }
        #expect(tags.count == 3)
        // Where there is no worker none may be.
        let page = try await desk.ask(.get, "/app")
        #expect(page.headers["Content-Security-Policy"]?.contains("worker-src") == false)
        #expect(try await desk.ask(.get, "/app/worker.js").status == 404)
        #expect(try await desk.ask(.get, base + "/app.js.br").status == 404)
    }

    @Test("the page names those parts of other packages that set-up brought, and no other")
    func parts() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("client-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder.appendingPathComponent("vendor"), withIntermediateDirectories: true)
        try Data("<html data-base=\"{{base}}\" data-parts=\"{{parts}}\">".utf8).write(to: folder.appendingPathComponent("index.html"))
        func named() async throws -> String {
            let desk = try Desk { $0.folder = folder.path }
            let page = String(decoding: try await desk.ask(.get, "/app").bytes, as: UTF8.self)
            return String(try #require(page.firstMatch(of: #/data-parts="([^"]*)"/#)).1)
        }
        #expect(try await named() == "")
        try Data("<svg/>".utf8).write(to: folder.appendingPathComponent("vendor/icons.svg"))
        #expect(try await named() == "icons")
        try Data("export default 1".utf8).write(to: folder.appendingPathComponent("vendor/code.js"))
        #expect(try await named() == "code icons")
    }

    @Test("the worker stands at one address, is asked for anew each time, and may fetch from here alone")
    func worker() async throws {
        let desk = try Desk { $0.folder = FileTests.folder }
        let answer = try await desk.ask(.get, "/app/worker.js")
        #expect(answer.status == 200 && answer.headers["Content-Type"] == "text/javascript; charset=utf-8")
        #expect(answer.headers["Cache-Control"] == "no-cache")
        #expect(answer.headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'")
    }

    @Test("nothing outside the client's folder can be reached, nor what is no part of the client")
    func outside() async throws {
        let desk = try Desk { $0.folder = FileTests.folder }
        let base = try FileTests.base(String(decoding: try await desk.ask(.get, "/app").bytes, as: UTF8.self))
        for path in ["/..%2f..%2fPackage.swift", "/%2e%2e/Package.swift", "/index.html", "/jsconfig.json%00.js", "/.git/config", "/no.js"] {
            guard let request = HTTPRequest(.get, base + path) else { continue }
            #expect(await desk.router.respond(to: request).status == 404, "\(path)")
        }
        #expect(try await desk.ask(.get, "/app/assets/0000000000000000/app.js").status == 404)
    }

    @Test("a folder without a client is refused with what to do")
    func noClient() throws {
        #expect(throws: (any Error).self) { try Desk { $0.folder = "/nowhere" } }
    }

    @Test("a changed file is served under another name, and pages that are open find the old ones")
    func rereads() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("client-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let write = { (name: String, text: String) in try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        try write("index.html", "<html data-base=\"{{base}}\">")
        try write("app.js", "1")
        let desk = try Desk {
            $0.folder = folder.path
            $0.rereads = true
        }
        let first = try FileTests.base(String(decoding: try await desk.ask(.get, "/app").bytes, as: UTF8.self))
        try write("app.js", "22")
        let second = try FileTests.base(String(decoding: try await desk.ask(.get, "/app").bytes, as: UTF8.self))
        #expect(first != second)
        #expect(try await desk.ask(.get, first + "/app.js").bytes == Array("1".utf8))
        #expect(try await desk.ask(.get, second + "/app.js").bytes == Array("22".utf8))
    }
}
