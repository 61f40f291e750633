import HTTPServer
import Kernel
import RPCDoor
import Views

/// `start`: who is signed in, where they can go, and how much waits for them; the first call of a page.
struct StartCall: Sendable {
    let door: ClientDoor

    func add(to router: inout Router) {
        router.on(.post, "/app/api/start", bodyLimit: door.configuration.bodyBytes) { [door] request in
            do {
                // Whoever is not signed in is told so: a page that opens is no attempt to get in.
                guard let caller = try await door.gate.browser(of: request) else {
                    return ClientDoor.json(PlainJSON.bytes(["user": false]), for: request)
                }
                let seeing = caller.seeing
                let answer = try await door.gate.read(caller) { env in
                    var answer = try StartCall.answer(env, door).mapValue ?? [:]
                    // Whoever sees as somebody else is told who they are, and until when.
                    if let seeing, let own = env.user.onlooker?.user {
                        answer["seen_by"] = ["id": .int(own.id), "name": .text(own.name), "until": .instant(seeing.until)]
                    }
                    return Value.map(answer)
                }
                return ClientDoor.json(PlainJSON.bytes(answer), for: request)
            } catch { return door.problem(error, "start") }
        }
    }

    private static func answer(_ env: Environment, _ door: ClientDoor) throws -> Value {
        let user = env.user
        let superuser = env.asSuperuser("a user may know the names of its own companies")
        let companies = try Records(try env.registry.requireModel("res.company"), user.companyIds, superuser).names()
        return [
            "user": [
                "id": .int(user.id), "name": .text(user.name), "login": .text(user.login), "zone": .text(user.timeZone),
                "language": .text(user.language), "admin": .bool(user.isMember(of: "base.group_system")),
                "partner": user.partnerId.map { .int($0) } ?? .null, "company": .int(env.companyId),
                "companies": .list(companies.map { ["id": .int($0.id), "name": .text($0.name)] }),
            ],
            "offline": .bool(try mayReadOffline(env)), "place": .text(door.configuration.place), "now": .instant(env.now),
            "today": .day(env.today),
            "screens": .list(screens(env, door.catalogue)), "waiting": try waiting(env), "saved": try saved(env),
        ]
    }

    /// Where the user can go: screens and models with a place, in order.
    private static func screens(_ env: Environment, _ catalogue: ViewCatalogue) -> [Value] {
        var lines: [(section: ModelViews.Section, sequence: Int, value: Value)] = catalogue.screens.compactMap { screen in
            let isMember = screen.groups.isEmpty || screen.groups.contains(where: env.user.isMember)
            let mayRead = screen.model.map { name in env.registry.model(name).map { env.allows(.read, on: $0) } ?? false } ?? true
            guard isMember, mayRead else { return nil }
            let value: Value = [
                "path": .text(screen.path), "title": .text(screen.title), "icon": .text(screen.icon),
                "section": .text(screen.section.rawValue),
            ]
            return (screen.section, screen.sequence, value)
        }
        for views in catalogue.places {
            guard let place = views.place, let model = env.registry.model(views.model), env.allows(.read, on: model),
                // Settings are for whoever may change them.
                place.section != .settings || env.allows(.write, on: model)
            else { continue }
            let value: Value = [
                "path": .text(place.path), "title": .text(views.plural), "icon": .text(views.icon),
                "section": .text(place.section.rawValue),
                "model": .text(views.model), "opens": .text(place.opens), "kinds": .list(Descriptor.kinds(views).map { .text($0) }),
            ]
            lines.append((place.section, place.sequence, value))
        }
        let order = ModelViews.Section.allCases
        return lines.sorted { left, right in
            (order.firstIndex(of: left.section) ?? 0, left.sequence) < (order.firstIndex(of: right.section) ?? 0, right.sequence)
        }.map(\.value)
    }

    /// Whether a browser may keep what was opened last for the time without a connection: the parameter `client.offline`, yes by itself.
    private static func mayReadOffline(_ env: Environment) throws -> Bool {
        guard let model = env.registry.model("ir.config_parameter") else { return true }
        let superuser = env.asSuperuser("a setting of the whole place")
        let found = try superuser.search(model, .where("key", .equal, "client.offline"), limit: 1)
        guard let id = found.ids.first else { return true }
        return !["0", "false", "off", "no"].contains((try found.value(id, "value").textValue ?? "").lowercased())
    }

    /// How much waits in the inbox, by kind.
    private static func waiting(_ env: Environment) throws -> Value {
        guard let inbox = env.registry.model("inbox.item"), env.allows(.read, on: inbox), let counts = inbox.method("counts") else {
            return .map([:])
        }
        return try counts.body(Records(inbox, [], env), [:])
    }

    /// The views that the user saved or that others share.
    private static func saved(_ env: Environment) throws -> Value {
        guard let model = env.registry.model("workspace.view"), env.allows(.read, on: model) else { return .list([]) }
        return try ModelCalls(env).answer(
            "search_read", on: model.name,
            ["domain": .list([]), "fields": ["name", "path", "state", "shared", "is_default", "user_id", "team_id"], "limit": 200])
    }
}
