import Foundation
import JSON
import Testing

@Suite(.serialized) struct ServeTests {
    /// A served database; stopped by its process id.
    private final class Served {
        let process: Process
        let output: String
        let address: String

        init(_ folder: Folder, _ more: String..., environment: [String: String] = [:]) throws {
            process = Program.process(["serve", "--data", folder.file("data"), "--port", "0"] + more, environment: environment)
            let file = folder.file("serve-\(UUID().uuidString)")
            _ = FileManager.default.createFile(atPath: file, contents: nil)
            process.standardOutput = FileHandle(forWritingAtPath: file)
            process.standardError = FileHandle.nullDevice
            try process.run()
            var text = ""
            for _ in 0..<600 where !text.contains("\n  database") && process.isRunning {
                usleep(50_000)
                text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
            }
            output = text
            address = try #require(text.firstMatch(of: #/listening on (http:\S+)/#).map { String($0.1) })
        }

        func stop() -> Int32 {
            process.terminate()
            process.waitUntilExit()
            return process.terminationReason == .exit ? process.terminationStatus : -1
        }
    }

    private func get(_ url: String) throws -> JSON {
        let curl = Process()
        curl.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        curl.arguments = ["-s", "--max-time", "10", url]
        let pipe = Pipe()
        curl.standardOutput = pipe
        try curl.run()
        let body = pipe.fileHandleForReading.readDataToEndOfFile()
        curl.waitUntilExit()
        return try JSON.parse([UInt8](body))
    }

    @Test("it serves, answers health, stops when asked and leaves a whole trail")
    func life() throws {
        let folder = try Folder()
        let first = try Served(folder, "--demo")
        #expect(first.output.contains("admin / admin"))
        #expect(first.output.contains("sample fhir | curl"))
        let health = try get(first.address + "/health")
        #expect(health["status"]?.stringValue == "ok")
        #expect(health["database"]?.stringValue == "ok")
        #expect(try get(first.address + "/ready")["status"]?.stringValue == "ok")
        let second = try Program.run("serve", "--data", folder.file("data"), "--port", "0")
        #expect(second.code == 2)
        #expect(second.complaint.contains("data.in_use"))
        #expect(try Program.run("migrate", "--plan", "--data", folder.file("data")).code == 0)
        #expect(first.stop() == 0)
        let audit = try Program.run("audit", "verify", "--data", folder.file("data"))
        #expect(audit.code == 0)
        #expect(audit.output.contains("the trail is whole"))
        let plan = try Program.run("migrate", "--data", folder.file("data"))
        #expect(plan.output.contains("nothing to do"))
    }

    @Test("without --demo a password is made up and shown once")
    func madeUpPassword() throws {
        let folder = try Folder()
        let first = try Served(folder)
        let password = first.output.firstMatch(of: #/admin \/ ([a-z2-9-]{27}) /#)
        #expect(password != nil)
        #expect(!first.output.contains("curl"))
        #expect(first.stop() == 0)
        let again = try Served(folder)
        #expect(!again.output.contains("admin /"))
        #expect(again.stop() == 0)
    }

    @Test("a weak first password is refused, and options may stand in the environment")
    func environment() throws {
        let folder = try Folder()
        let weak = try Program.run("serve", "--data", folder.file("weak"), "--port", "0", "--admin-password", "short")
        #expect(weak.code == 2)
        #expect(weak.complaint.contains("password.too_short"))
        let served = try Served(folder, environment: ["BATON_ADMIN_PASSWORD": "a long enough one", "BATON_SMTP": "smtp://127.0.0.1:1"])
        #expect(!served.output.contains("shown this once"))
        #expect(served.stop() == 0)
        let smtp = try Program.run("serve", "--data", folder.file("data"), "--port", "0", "--smtp", "http://mail")
        #expect(smtp.code == 64)
    }

    @Test("a damaged trail ends with 1 and names the place")
    func damage() throws {
        let folder = try Folder()
        #expect(try Served(folder).stop() == 0)
        let sqlite = Process()
        sqlite.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
        sqlite.arguments = [folder.file("data/baton.sqlite"), "UPDATE baton_audit SET kind = kind || 'x' WHERE seq = 12"]
        try sqlite.run()
        sqlite.waitUntilExit()
        let run = try Program.run("audit", "verify", "--data", folder.file("data"))
        #expect(run.code == 1)
        #expect(run.output.contains("DAMAGED from entry 12 on"))
    }
}
