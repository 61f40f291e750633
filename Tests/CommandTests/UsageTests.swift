import Testing

@Suite struct UsageTests {
    static let commands = [
        ["serve"], ["migrate"], ["audit", "verify"], ["inspect"], ["sample"], ["send-hl7"], ["version"], ["bench", "store"], ["config"],
        ["doctor"], ["backup"], ["backup", "key"], ["backup", "verify"], ["restore"], ["restore", "drill"],
    ]

    @Test("every command explains itself", arguments: commands)
    func help(command: [String]) throws {
        let run = try Program.run(command + ["--help"])
        #expect(run.code == 0)
        #expect(run.output.contains("Usage: baton \(command.joined(separator: " "))"))
        #expect(run.output.contains("--help"))
    }

    @Test("the overview names every command but the hidden ones")
    func overview() throws {
        let run = try Program.run("--help")
        #expect(run.code == 0)
        for name in [
            "serve", "migrate", "audit verify", "inspect", "sample", "send-hl7", "version", "config", "doctor", "backup", "backup key",
            "backup verify", "restore", "restore drill",
        ] {
            #expect(run.output.contains("baton \(name) "))
        }
        #expect(!run.output.contains("page-worker"))
        #expect(try Program.run("version").output.hasPrefix("baton "))
    }

    @Test(
        "a mistake ends with 64 and says what to do",
        arguments: [
            ["nonsense"], ["serve", "--nonsense"], ["serve"], ["serve", "--data"], ["serve", "--data", "x", "--port", "many"],
            ["serve", "--data", "x", "--port", "70000"], ["serve", "--data", "x", "--tls-cert", "only"],
            ["serve", "--data", "x", "--demo=yes"],
            ["serve", "--data", "x", "--log-level", "loud"], ["serve", "extra", "--data", "x"], ["inspect"],
            ["inspect", "--format", "x12", "f"],
            ["sample"], ["sample", "doc"], ["send-hl7"], ["audit"], ["audit", "verify"], ["migrate"],
            ["doctor"], ["backup"], ["backup", "key"], ["backup", "verify"], ["restore"], ["restore", "drill"],
            ["config", "--port", "x", "--data", "x"],
            ["serve", "--data", "x", "--metrics-port", "0", "--metrics-host", "0.0.0.0"], ["serve", "--data", "x", "--otlp-endpoint", "x"],
        ])
    func mistakes(words: [String]) throws {
        let run = try Program.run(words)
        #expect(run.code == 64)
        #expect(run.complaint.hasPrefix("baton: "))
        #expect(run.complaint.contains("--help"))
    }

    @Test("a folder without a database is named with what to do")
    func noDatabase() throws {
        let folder = try Folder()
        for words in [["audit", "verify"], ["migrate"], ["migrate", "--plan"]] {
            let run = try Program.run(words + ["--data", folder.path])
            #expect(run.code == 2)
            #expect(run.complaint.contains("no database"))
        }
    }
}
