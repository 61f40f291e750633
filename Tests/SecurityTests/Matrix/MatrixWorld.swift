import Base
import CRM
import Exceptions
import Kernel
import Messaging
import Referrals
import TestKit

/// The demo, with something of everything in each of its hospitals, and a user for every sort of person.
struct MatrixWorld: Sendable {
    /// Somebody with the groups that were given to them.
    struct Role: Sendable {
        let login: String
        let groups: [String]
    }

    let world: World
    let roles: [Role]
    let facts: Facts

    init() throws {
        let world = try World(apps: World.apps + [ProbeApp.app], demo: true)
        let sites = try world.act { env in
            try env.search(Patient.self).compactMap { $0.company?.id }.reduce(into: [Int]()) { sites, id in
                if !sites.contains(id) { sites.append(id) }
            }.sorted()
        }
        var roles = try MatrixWorld.cast(world)
        let groups = world.database.registry.apps.flatMap(\.groups).map(\.externalId)
        for (place, group) in groups.enumerated() where group != "base.group_nobody" {
            let login = "only \(group)"
            try world.makeUser(login, groups: [group], companies: [sites[place % 2]])
            roles.append(Role(login: login, groups: [group]))
        }
        for login in roles.map(\.login) {
            try world.act(as: login) { env in
                guard env.user.isMember(of: "base.group_user") else { return }
                try env.create(Attachment.self, ["name": .text("of " + login), "datas": .bytes(Array(login.utf8))])
            }
        }
        try world.act { env in for site in sites.prefix(2) { try MatrixWorld.furnish(site, in: env) } }
        self.world = world
        self.roles = roles
        facts = try world.act { try Facts($0) }
    }

    /// The users that the demo brings along.
    private static func cast(_ world: World) throws -> [Role] {
        try world.act { env in
            try env.search(User.self).filter { $0.id > 1 }.map { user in
                let domain = Domain.where("model", .equal, "res.groups") & .where("res_id", .in, .ids(user.groups.ids))
                let names = try env.search(ExternalId.self, domain).map { $0.module + "." + $0.displayedName }
                return Role(login: user.login, groups: names)
            }
        }
    }

    /// What the demo does not have in each hospital: leads, keys, cases, and files, messages and activities on all sorts of records.
    private static func furnish(_ site: Int, in env: Environment) throws {
        let partner = try env.create(Partner.self, ["name": .text("Secret contact \(site)"), "company_id": .int(site)])
        try env.create(Lead.self, ["name": .text("Lead \(site)"), "company_id": .int(site), "partner_id": .int(partner.id)])
        try env.create(Team.self, ["name": .text("Team \(site)"), "company_id": .int(site)])
        try env.create(ExceptionCase.self, ["name": .text("Case \(site)"), "cause": "matrix", "company_id": .int(site)])
        try env.create(Base.Sequence.self, ["name": .text("Numbers \(site)"), "company_id": .int(site)])
        let parent = try env.create(
            ProbeCase.self, ["name": .text("Parent \(site)"), "secret": .text("hidden \(site)"), "company_id": .int(site)])
        for other in try env.search(ProbeCase.self) {
            let link = try env.create(
                ProbeLink.self, ["name": .text("Link \(other.id)"), "case_id": .int(other.id), "other_id": .int(parent.id)])
            try link.write(["case_ids": .list([[6, 0, .ids([other.id, parent.id])]])])
        }
        for user in try env.search(User.self, .where("company_id", .equal, .int(site)), limit: 2) {
            try env.create(
                APIKey.self, ["name": .text("Key of \(user.login)"), "user_id": .int(user.id), "index": "abcdefgh", "key": "digest"])
        }
        for model in env.registry.models where model.hasChatter {
            guard let company = model.field("company_id"), company.hasColumn else { continue }
            guard let id = try env.search(model, .where("company_id", .equal, .int(site)), order: "id", limit: 1).ids.first else {
                continue
            }
            let message = try env.create(
                Message.self,
                [
                    "model": .text(model.name), "res_id": .int(id), "body": .text("<p>Private words of \(site)</p>"),
                    "tracking_value_ids": [[0, 0, .map(["field_name": "name", "new_value_char": .text("changed \(site)")])]],
                ])
            try env.create(OutgoingMail.self, ["mail_message_id": .int(message.id), "subject": .text("Mail \(site)")])
            let follows = Domain.where("res_model", .equal, .text(model.name)) & .where("res_id", .equal, .int(id))
            if try !env.search(Follower.self, follows).contains(where: { $0.partner?.id == partner.id }) {
                try env.create(Follower.self, ["res_model": .text(model.name), "res_id": .int(id), "partner_id": .int(partner.id)])
            }
            try env.create(Activity.self, ["res_model": .text(model.name), "res_id": .int(id), "summary": .text("To do at \(site)")])
            try env.create(
                Attachment.self,
                ["name": .text("file of \(site)"), "datas": .bytes([1, 2, 3]), "res_model": .text(model.name), "res_id": .int(id)])
        }
    }
}

/// A small app with what the others hardly have: masked and tracked fields, related fields and lists across companies.
enum ProbeApp {
    static let app = App("probe", "Probe", needs: ["base", "mail"]) { app in
        app.add(ProbeCase.self)
        app.add(ProbeLink.self)
        app.group("probe.group_user", "Probe: user", implies: ["base.group_user"])
        app.group("probe.group_keeper", "Probe: keeper of secrets", implies: ["probe.group_user"])
        app.allow("probe.group_user", "rwcd", on: "probe.case", "probe.link")
        app.rule("cases of one's companies", on: "probe.case", "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]")
    }
}

struct ProbeCase: Model {
    static let name = "probe.case"
    static let title = "Case"
    static let hasChatter = true

    let displayedName = Char("name", "Name", .required, .tracked)
    let secret = Char("secret", "Secret", .tracked, .groups("probe.group_keeper"))
    let company = Many2one<Company>("company_id", .initially { .int($0.companyId) })
    let links = One2many<ProbeLink>("link_ids", inverse: \.subject)

    static let actions = [Action<ProbeCase>("action_keep", "Keep", groups: ["probe.group_keeper"]) { try $0.write(["secret": "kept"]) }]

    init() {}
}

/// Open to everybody who uses the app, wherever it leads.
struct ProbeLink: Model {
    static let name = "probe.link"
    static let title = "Link"

    let displayedName = Char("name", "Name", .required)
    let subject = Many2one<ProbeCase>("case_id")
    let other = Many2one<ProbeCase>("other_id")
    let cases = Many2many<ProbeCase>("case_ids")
    let shown = Char("shown", .related("other_id.name"))
    let note = Text("note")

    init() {}
}
