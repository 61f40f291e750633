import Foundation
import Referrals

/// What `baton serve` prints once it serves: the address, who may sign in, and three commands to try.
package struct Welcome {
    package let address: String
    package let configuration: ServeConfiguration
    package let madeUpPassword: String?
    package let mllpPort: Int?
    package let signs: [String]

    package init(address: String, configuration: ServeConfiguration, madeUpPassword: String?, mllpPort: Int?, signs: [String]) {
        self.address = address
        self.configuration = configuration
        self.madeUpPassword = madeUpPassword
        self.mllpPort = mllpPort
        self.signs = signs
    }

    /// The text; its first line is for programs, too: `baton: listening on http://127.0.0.1:8069`.
    package var text: String {
        var lines = ["baton: listening on \(address)"] + signs.map { "baton: listening on \($0)" }
        lines.append("  client    \(address)/app for staff")
        lines.append("  pages     \(address)/portal for referring practices; \(address)/login for documents without a script")
        lines.append("  database  \(DataFolder.databaseName) in \(configuration.folder.place)")
        if let madeUpPassword {
            lines.append("  sign in   admin / \(madeUpPassword)   (shown this once; change it after the first sign-in)")
        } else if configuration.isDemo {
            let password = configuration.adminPassword == nil ? DatabaseSetup.demoPassword : "(as given)"
            lines.append("  sign in   admin / \(password)")
        }
        if configuration.isDemo {
            lines += DemoUsers.list.map { "            \($0.login) / \($0.password)   \($0.title)" }
            lines += ["  try"] + commands.map { "    " + $0 }
        }
        return lines.joined(separator: "\n")
    }

    private var commands: [String] {
        let program = CommandLine.arguments.first ?? "baton"
        func login(_ name: String) -> String { "\(name):\(DemoUsers.list.first { $0.login == name }?.password ?? "")" }
        var commands: [String] = []
        if let mllpPort { commands.append("\(program) sample hl7 | \(program) send-hl7 - --port \(mllpPort)") }
        commands.append(
            "\(program) sample fhir | curl -u \(login("fhir")) -H 'Content-Type: application/fhir+json' --data-binary @- \(address)/fhir")
        commands.append(
            "\(program) sample pdf > referral.pdf && curl -u \(login("coordinator")) -F file=@referral.pdf \(address)/documents")
        let address = "\(address)/documents"
        commands.append(
            "for n in 1 2 3; do \(program) sample fax --number $n | curl -u \(login("coordinator")) -H 'Content-Type: image/png' --data-binary @- \(address); done"
        )
        return commands
    }
}
