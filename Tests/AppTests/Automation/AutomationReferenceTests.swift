import Automation
import Base
import Foundation
import JSON
import Kernel
import TestKit
import Testing

/// `docs/reference/automation.md` says what the code does.
@Suite struct AutomationReferenceTests {
    private static func file(_ path: String) throws -> String {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    private static func blocks(_ language: String) throws -> [String] {
        try file("docs/reference/automation.md").components(separatedBy: "```\(language)\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }
    }

    @Test("the example of a rule does what it says")
    func theRule() throws {
        let example = try JSON.parse(Array(try #require(try Self.blocks("json").first).utf8))
        let desk = try Desk()
        let action = try #require(example["action_server_ids"]?[0]?[2])
        try desk.rule(
            example["name"]?.stringValue ?? "", example["trigger"]?.stringValue ?? "",
            ["filter_domain": .text(example["filter_domain"]?.stringValue ?? "")],
            actions: [
                [
                    "state": .text(action["state"]?.stringValue ?? ""), "update_path": .text(action["update_path"]?.stringValue ?? ""),
                    "value": .text(action["value"]?.stringValue ?? ""),
                ]
            ])
        let (urgent, quiet) = (try desk.ticket(["priority": "2"]), try desk.ticket(["priority": "1"]))
        #expect(try desk.text(urgent, "note") == "Nobody is on it" && desk.text(quiet, "note") == "")
    }

    @Test("each record getter of the reference is taken, and other Python is not")
    func getters() throws {
        let desk = try Desk()
        let lines = try #require(try Self.blocks("text").first).split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        for (index, line) in lines.enumerated() { try desk.rule("G\(index)", "on_webhook", ["record_getter": .text(line)], actions: []) }
        let refusal = #expect(throws: Refusal.self) {
            try desk.rule("Bad", "on_webhook", ["record_getter": "model.search([]).unlink()"], actions: [])
        }
        #expect(refusal?.code == "automation.bad_getter")
    }

    @Test("the places of the reference's templates are filled, and calls, private names and unknown paths are refused")
    func templates() throws {
        let desk = try Desk()
        let lines = try #require(try Self.blocks("text").last).split(separator: "\n").map(String.init)
        let partner = try desk.make(Partner.self, "Dr Moreau")
        let id = try desk.ticket(["name": "Pump", "partner_id": .int(partner), "priority": "2", "count": 3, "cost": "12.5"])
        let subjects: @Sendable ([String]) throws -> [String] = { lines in
            try desk.world.act { env in
                try lines.map { line in
                    let model = try Desk.modelId("desk.ticket", env)
                    let template = try env.create(
                        MailTemplate.self,
                        ["name": "T", "model_id": .int(model), "subject": .text(line), "email_to": "a@example.org"])
                    let mail = try env.registry.requireModel("mail.template").method("send_mail")?
                        .body(template.records, ["res_id": .int(id)])
                    return try env.records("mail.mail", mail?.idList ?? []).value("subject").textValue ?? ""
                }
            }
        }
        #expect(try subjects(lines) == ["About Pump", "Dear Dr Moreau", "Urgent: 3 times", "12.50 EUR"])
        for bad in ["{{ object.unlink() }}", "{{ object.nope }}", "{{ object._x }}", "{{ os.path }}", "{{ object.name", "{{ 1 +* 2 }}"] {
            #expect(throws: Refusal.self, "\(bad)") { try subjects([bad]) }
        }
    }

    @Test("each trigger and type of action is in the reference, and each code that it names exists, and the other way round")
    func names() throws {
        let reference = try Self.file("docs/reference/automation.md")
        for trigger in Trigger.allCases { #expect(reference.contains("`\(trigger.rawValue)`"), "\(trigger)") }
        for kind in ServerAction.Kind.allCases { #expect(reference.contains("`\(kind.rawValue)`"), "\(kind)") }
        var codes: Set<String> = []
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let folder = root.appendingPathComponent("Apps/Automation")
        for case let file as URL in FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) ?? .init()
        where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            codes.formUnion(text.matches(of: #/"(automation\.[a-z_]+)", \./#).map { String($0.1) })
            codes.formUnion(text.matches(of: #/(?:rule|action)\(\s*"([a-z_]+)"/#).map { "automation." + $0.1 })
        }
        #expect(codes.count > 25)
        for code in codes.sorted() { #expect(reference.contains("`\(code)`"), "\(code) is not in the reference") }
        for named in reference.matches(of: #/`(automation\.[a-z_]+)`/#) {
            #expect(codes.contains(String(named.1)), "\(named.1) does not exist")
        }
    }
}
