import Foundation
import HTTPServer
import Testing

@Suite struct TLSTests {
    /// A certificate for 127.0.0.1 in a folder of its own.
    private final class Identity {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-tls-\(UUID().uuidString)")
        var certificate: String { folder.appendingPathComponent("cert.pem").path }
        var key: String { folder.appendingPathComponent("key.pem").path }

        init() throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let openssl = Process()
            openssl.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
            openssl.arguments = [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                "-keyout", key, "-out", certificate,
            ]
            openssl.standardError = FileHandle.nullDevice
            try openssl.run()
            openssl.waitUntilExit()
        }

        deinit { try? FileManager.default.removeItem(at: folder) }
    }

    @Test("requests and large bodies go through TLS 1.3, and the handler knows")
    func roundTrip() async throws {
        let identity = try Identity()
        let handler = ClosureHandler { HTTPResponse(headers: ["X-TLS": "\($0.isTLS)"], body: $0.body) }
        let files = HTTPServerConfiguration.TLS(certificatePath: identity.certificate, keyPath: identity.key)
        try await serving(handler, configure: { $0.tls = files }) { server in
            let client = try RawClient(server.port, trusting: identity.certificate)
            #expect(client.tlsVersion == "TLSv1.3")
            for size in [0, 5, 400_000, 2_000_000] {
                try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n" + String(repeating: "t", count: size))
                let answer = try client.answer()
                #expect(answer.field("x-tls") == "true")
                #expect(answer.body.utf8.count == size)
            }
            try client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(try client.answer().status == 200)
            #expect(client.isClosedByServer())
        }
    }

    @Test("a client that speaks no TLS, or none new enough, is turned away and others are served")
    func turnsAway() async throws {
        let identity = try Identity()
        let files = HTTPServerConfiguration.TLS(certificatePath: identity.certificate, keyPath: identity.key)
        try await serving(configure: { ($0.tls, $0.headSeconds) = (files, 0.5) }) { server in
            let plain = try RawClient(server.port)
            try plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(plain.isClosedByServer())
            let silent = try RawClient(server.port)
            #expect(silent.isClosedByServer())
            #expect(throws: RawClient.Failure.self) { try RawClient(server.port, trusting: identity.certificate, maxTLS: 0x0302) }
            #expect(try RawClient(server.port, trusting: identity.certificate, maxTLS: 0x0303).tlsVersion == "TLSv1.2")
        }
    }

    @Test("a certificate that cannot be used is told at the start")
    func badCertificate() throws {
        let identity = try Identity()
        var configuration = HTTPServerConfiguration()
        for files in [("/nowhere.pem", identity.key), (identity.certificate, "/nowhere.pem"), (identity.certificate, identity.certificate)]
        {
            configuration.tls = .init(certificatePath: files.0, keyPath: files.1)
            let server = HTTPServer(configuration: configuration, handler: Echo())
            let error = #expect(throws: HTTPServerError.self) { try server.start() }
            #expect(error?.code == "http.bad_certificate")
        }
    }
}
