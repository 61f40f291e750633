import Base
import Kernel

/// What the web client learns about its user at the start.
struct SessionInfo: Sendable {
    let door: RPCDoor
    let user: Int
    /// Members beside Odoo's.
    var more: ValueMap = [:]

    /// The largest number of ids that a client keeps as a selection.
    private static let activeIdsLimit = 20_000

    func answer<Output: Sendable>(_ encode: @escaping Dispatcher.Encoder<Output>) async throws -> Output {
        let configuration = door.configuration
        return try await door.database.read(as: user) { [more] env in
            var map = try SessionInfo.map(env, configuration)
            for entry in more.entries { map[entry.name] = entry.value }
            return try encode(.value(.map(map)))
        }
    }

    private static func map(_ env: Environment, _ configuration: RPCConfiguration) throws -> ValueMap {
        let user = env.user
        let superuser = env.asSuperuser("a user may know its own contact, companies and the currencies")
        let isSystem = user.isMember(of: "base.group_system")
        var map: ValueMap = [
            "uid": .int(user.id), "is_system": .bool(isSystem), "is_admin": .bool(isSystem), "is_public": false,
            "is_internal_user": .bool(user.isMember(of: "base.group_user")),
            "user_context": [
                "lang": .text(user.language), "tz": user.timeZone.isEmpty ? false : .text(user.timeZone), "uid": .int(user.id),
                "allowed_company_ids": .ids(user.companyIds),
            ],
            "db": .text(configuration.databaseName), "server_version": .text(ServerVersion.version),
            "server_version_info": [19, 0, 0, "final", 0, ""], "name": .text(user.name), "username": .text(user.login),
            "partner_id": user.partnerId.map { .int($0) } ?? false,
        ]
        let partner = superuser.registry.schema(Partner.self)
        map["partner_display_name"] = try user.partnerId.map { .text(try env.linkName(partner, $0)) } ?? false
        map["web.base.url"] = .text(configuration.baseURL)
        map["active_ids_limit"] = .int(activeIdsLimit)
        map["max_file_upload_size"] = .int(configuration.limits.bodyBytes)
        map["bundle_params"] = ["lang": .text(user.language)]
        map["view_info"] = [:]
        map["groups"] = .map(ValueMap(user.groups.sorted().map { ($0, .bool(true)) }))
        map["currencies"] = .map(try currencies(superuser))
        map["user_companies"] = .map(try companies(superuser))
        return map
    }

    private static func currencies(_ env: Environment) throws -> ValueMap {
        ValueMap(
            try env.search(Currency.self).map { currency in
                let digits: Value = [69, .int(currency.decimalPlaces)]
                return (String(currency.id), ["symbol": .text(currency.symbol), "position": "before", "digits": digits])
            })
    }

    private static func companies(_ env: Environment) throws -> ValueMap {
        let allowed = env.records(Company.self, env.user.companyIds).map { company -> (String, Value) in
            (
                String(company.id),
                [
                    "id": .int(company.id), "name": .text(company.displayName), "sequence": .int(company.sequence),
                    "child_ids": .ids(company.children.ids), "parent_id": company.parent.map { .int($0.id) } ?? false,
                    "currency_id": company.currency.map { .int($0.id) } ?? false,
                ]
            )
        }
        return [
            "current_company": .int(env.user.companyId), "allowed_companies": .map(ValueMap(allowed)),
            "disallowed_ancestor_companies": [:],
        ]
    }
}
