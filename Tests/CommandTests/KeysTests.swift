import Foundation
import JSON
import Testing

/// The keys to the secrets of a database, as a folder on the disk.
@Suite(.serialized) struct KeysTests {
    /// A database that is served for as long as the body runs.
    private func served(_ folder: Folder, _ body: (String) throws -> Void) throws {
        let process = Program.process(
            ["serve", "--data", folder.file("data"), "--port", "0"], environment: ["BATON_ADMIN_PASSWORD": "a long enough one"])
        let file = folder.file("out-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: file, contents: nil)
        // One handle for both: with two, each begins at the file's start and writes over the other.
        let handle = FileHandle(forWritingAtPath: file)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        var text = ""
        for _ in 0..<600 where !text.contains("\n  database") && process.isRunning {
            usleep(50_000)
            text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
        }
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        let address = try #require(text.firstMatch(of: #/listening on (http:\S+)/#).map { String($0.1) }, "\(text)")
        try body(address)
        #expect(!String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self).contains("whsec_"))
    }

    /// Calls a method of a model as the administrator.
    private func call(_ address: String, _ model: String, _ method: String, _ arguments: String) throws -> JSON {
        let curl = Process()
        curl.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        let args = #"["baton",2,"a long enough one","\#(model)","\#(method)",\#(arguments)]"#
        let body = #"{"jsonrpc":"2.0","method":"call","params":{"service":"object","method":"execute_kw","args":\#(args)},"id":1}"#
        curl.arguments = ["-s", "--max-time", "20", "-H", "Content-Type: application/json", "--data", body, address + "/jsonrpc"]
        let pipe = Pipe()
        curl.standardOutput = pipe
        try curl.run()
        let answer = pipe.fileHandleForReading.readDataToEndOfFile()
        curl.waitUntilExit()
        let json = try JSON.parse([UInt8](answer))
        return try #require(json["result"], "\(json)")
    }

    private func sqlite(_ folder: Folder, _ sql: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
        process.arguments = [folder.file("data/baton.sqlite"), sql]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func isInDatabase(_ folder: Folder, _ text: String) throws -> Bool {
        try Data(contentsOf: URL(fileURLWithPath: folder.file("data/baton.sqlite"))).range(of: Data(text.utf8)) != nil
    }

    @Test("the first start makes the keys for its owner alone; what was plain is sealed at a start, rotated by the command, and never lost")
    func life() throws {
        let folder = try Folder()
        var secret = ""
        try served(folder) { address in
            let id = try call(address, "webhook.endpoint", "create", #"[{"name":"Lab","url":"https://lab.example/hook"}]"#).intValue ?? 0
            secret = try call(address, "webhook.endpoint", "action_rotate_secret", "[[\(id)]]")["secret"]?.stringValue ?? ""
        }
        try #require(secret.hasPrefix("whsec_"))
        let file = folder.file("data/keys/secrets.key")
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try !isInDatabase(folder, secret))
        // As an older program left it.
        _ = try sqlite(folder, "UPDATE webhook_endpoint SET secret_value = '\(secret)'")
        #expect(try isInDatabase(folder, secret))
        try served(folder) { _ in }
        #expect(try !isInDatabase(folder, secret))
        let sealed = try sqlite(folder, "SELECT secret_value FROM webhook_endpoint")
        #expect(sealed.hasPrefix("sealed:"))
        let rotated = try Program.run("keys", "rotate", "--data", folder.file("data"))
        #expect(rotated.code == 0 && rotated.output.contains("2 secrets are sealed"), "\(rotated.output) \(rotated.complaint)")
        let next = try sqlite(folder, "SELECT secret_value FROM webhook_endpoint")
        #expect(next.hasPrefix("sealed:") && next.split(separator: ":")[1] != sealed.split(separator: ":")[1])
        #expect(try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").count == 2)
        #expect(try Program.run("keys", "rotate", "--data", folder.file("data"), "--forget-old").code == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").count == 1)
        try FileManager.default.removeItem(atPath: file)
        let lost = try Program.run("keys", "rotate", "--data", folder.file("data"))
        #expect(lost.code == 1 && lost.output.contains("do not open under any key"))
    }

    @Test("a file of keys that others may read, or that holds none, stops the start with what to do; it may lie elsewhere")
    func file() throws {
        let folder = try Folder()
        let elsewhere = folder.file("elsewhere.key")
        let environment = ["BATON_SECRETS_KEY": elsewhere]
        try served(folder) { _ in }
        let moved = try Program.run(["keys", "rotate", "--data", folder.file("data")], environment: environment)
        #expect(moved.code == 0 && FileManager.default.fileExists(atPath: elsewhere))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: elsewhere)
        let open = try Program.run(["serve", "--data", folder.file("data"), "--port", "0"], environment: environment)
        #expect(open.code == 2 && open.complaint.contains("secrets.open_file") && open.complaint.contains("chmod 600"))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: elsewhere)
        try Data("nothing".utf8).write(to: URL(fileURLWithPath: elsewhere))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: elsewhere)
        let none = try Program.run(["serve", "--data", folder.file("data"), "--port", "0"], environment: environment)
        #expect(none.code == 2 && none.complaint.contains("secrets.bad_file"))
    }
}
