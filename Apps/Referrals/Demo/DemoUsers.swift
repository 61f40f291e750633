import Base
import Kernel

/// Who may sign in to the demo database.
public enum DemoUsers {
    /// Login, password and what the person or program does; the administrator is not among them.
    public static let list: [(login: String, password: String, title: String)] = cast.map { ($0.login, password, $0.title) }

    static let password = "demo-demo"

    struct Role: Sendable {
        let login: String
        let name: String
        let title: String
        let groups: [String]
        /// Places in the list of hospitals; the first is where the user works.
        let sites: [Int]
    }

    static let cast = [
        Role(
            login: "coordinator", name: "Nora Samplewood", title: "coordinator at Northlake", groups: ["referrals.group_user"], sites: [0]),
        Role(login: "nurse", name: "Nadia Testbrook", title: "triage nurse at Northlake", groups: ["referrals.group_triage"], sites: [0]),
        Role(
            login: "physician", name: "Dr Paul Mockingham", title: "triage physician of the group", groups: ["referrals.group_triage"],
            sites: [0, 1, 2]),
        Role(
            login: "manager", name: "Mira Placeholder", title: "referral manager of the group", groups: ["referrals.group_manager"],
            sites: [0, 1, 2]),
        Role(login: "southgate", name: "Sam Fixture", title: "coordinator at Southgate only", groups: ["referrals.group_user"], sites: [1]),
        Role(
            login: "westfield", name: "Wanda Dummyfield", title: "coordinator at Westfield only", groups: ["referrals.group_user"],
            sites: [2]
        ),
        Role(
            login: "hl7", name: "HL7 v2 interface", title: "sending systems by HL7 v2", groups: ["referrals.group_integration"],
            sites: [0, 1, 2]),
        Role(
            login: "fhir", name: "FHIR interface", title: "sending systems by FHIR", groups: ["referrals.group_integration"],
            sites: [0, 1, 2]),
        Role(
            login: "portal", name: "Referring-provider portal", title: "the portal's form", groups: ["referrals.group_integration"],
            sites: [0, 1, 2]
        ),
        Role(
            login: "auditor", name: "Ada Auditmore", title: "reads everything, changes nothing", groups: ["referrals.group_auditor"],
            sites: [0, 1, 2]),
    ]

    /// Makes the users; ids by login.
    static func make(hospitals: [Int], in env: Environment) throws -> [String: Int] {
        var ids: [String: Int] = [:]
        for role in cast {
            let companies = role.sites.map { hospitals[$0] }
            let groups = try role.groups.map { Value.list([4, .int(try Reference.require($0, env))]) }
            let user = try Reference.ensure(
                "referrals.demo_user_\(role.login)", User.self,
                [
                    "login": .text(role.login), "name": .text(role.name), "password": .text(password), "company_id": .int(companies[0]),
                    "company_ids": .list([[6, 0, .ids(companies)]]), "group_ids": .list(groups), "notification_type": "inbox",
                    "tz": "America/Chicago",
                ], env)
            ids[role.login] = user.id
        }
        return ids
    }
}
