import Base
import Kernel
import Store

/// The services of JSON-RPC's and XML-RPC's outer form: `common`, `object` and `db`.
struct Services: Sendable {
    let door: RPCDoor
    let program: Program
    /// The caller's address, for throttling and the trail.
    private var address: String { program.address }

    /// Runs a method of a service.
    func call<Output: Sendable>(
        _ service: String, _ method: String, _ arguments: [Value], _ encode: @escaping Dispatcher.Encoder<Output>
    ) async throws -> Output {
        switch service {
        case "object": try await object(method, arguments, encode)
        case "common": try encode(.value(try await common(method, arguments)))
        case "db": try encode(.value(try database(method, arguments)))
        default: throw Refusal.unknownService(service + "." + method)
        }
    }

    private func common(_ method: String, _ arguments: [Value]) async throws -> Value {
        switch method {
        case "version": return ServerVersion.value
        case "about": return .text("Baton answers Odoo's external API.")
        case "login", "authenticate":
            guard arguments.count >= 3, let login = arguments[1].textValue, let secret = arguments[2].textValue else {
                throw Refusal.badArgument("\(method)() takes a database, a login and a password.")
            }
            try checkDatabase(arguments[0])
            do {
                let verified = try await door.authenticator.verify(login: login, secret: secret, address: address)
                if verified == nil { door.configuration.denied(program) }
                return verified.map { .int($0.userId) } ?? .bool(false)
            } catch let refusal as Refusal where refusal.kind == .unauthenticated {
                // As Odoo: this call has one word for every refusal, also that of a pause after too many failures.
                return .bool(false)
            }
        default: throw Refusal.unknownService("common." + method)
        }
    }

    private func object<Output: Sendable>(
        _ method: String, _ arguments: [Value], _ encode: @escaping Dispatcher.Encoder<Output>
    ) async throws -> Output {
        guard method == "execute_kw" || method == "execute" else { throw Refusal.unknownService("object." + method) }
        guard arguments.count >= 5, let model = arguments[3].textValue, let name = arguments[4].textValue else {
            throw Refusal.badArgument("\(method)() takes a database, a user's id, a password, a model, a method and its arguments.")
        }
        try checkDatabase(arguments[0])
        guard case .int(let user) = arguments[1], let secret = arguments[2].textValue, !secret.isEmpty else {
            throw Refusal.wrongCredentials()
        }
        let call: RPCCall
        if method == "execute" {
            call = try RPCCall(model: model, method: name, positional: Array(arguments[5...]), named: [:])
        } else {
            guard let positional = arguments.count > 5 ? arguments[5].listValue : [] else {
                throw Refusal.badArgument("The arguments of \(model).\(name)() are no list.")
            }
            call = try RPCCall(model: model, method: name, positional: positional, named: try Services.named(arguments, model, name))
        }
        let (authenticator, address) = (door.authenticator, address)
        return try await door.run(call, from: program, encode) {
            try await authenticator.verify(user: user, secret: secret, address: address)
        }
    }

    private static func named(_ arguments: [Value], _ model: String, _ name: String) throws -> ValueMap {
        guard arguments.count > 6, !arguments[6].isNull else { return [:] }
        guard let named = arguments[6].mapValue else {
            throw Refusal.badArgument("The named arguments of \(model).\(name)() are no object.")
        }
        return named
    }

    private func database(_ method: String, _ arguments: [Value]) throws -> Value {
        let name = door.configuration.databaseName
        switch method {
        case "list": return .list([.text(name)])
        case "server_version": return .text(ServerVersion.version)
        case "db_exist": return .bool(arguments.first == .text(name))
        case "list_lang": return .list([["en_US", "English (US)"]])
        case "list_countries", "create_database", "duplicate_database", "drop", "dump", "restore", "rename", "change_admin_password",
            "migrate_databases":
            throw Refusal.notOffered("db.\(method)")
        default: throw Refusal.unknownService("db." + method)
        }
    }

    /// Refuses a database that is not this one, lest somebody works on the wrong one.
    private func checkDatabase(_ value: Value) throws {
        let name = value.textValue ?? ""
        guard name.isEmpty || name == door.configuration.databaseName else { throw Refusal.unknownDatabase(name) }
    }
}

extension RPCDoor {
    /// Runs a program's call; one that brings something in and is refused is kept.
    func run<Output: Sendable>(
        _ call: RPCCall, from program: Program, _ encode: @escaping Dispatcher.Encoder<Output>, as verify: () async throws -> Verified?
    ) async throws -> Output {
        var user: Int?
        do {
            return try await run(call, encode) {
                let verified = try await verify()
                user = verified?.userId
                return verified
            }
        } catch {
            if let user { await keep(call, of: user, from: program, refused: error) }
            throw error
        }
    }

    /// Runs a call for whoever `verify` finds; once more when the user, key or session changed in between.
    func run<Output: Sendable>(
        _ call: RPCCall, _ encode: @escaping Dispatcher.Encoder<Output>, as verify: () async throws -> Verified?
    ) async throws -> Output {
        guard let verified = try await verify() else { throw Refusal.wrongCredentials() }
        do { return try await dispatcher.run(call, as: verified, encode) } catch is StaleCredential {
            guard let again = try await verify() else { throw Refusal.wrongCredentials() }
            do { return try await dispatcher.run(call, as: again, encode) } catch is StaleCredential { throw Refusal.wrongCredentials() }
        }
    }
}
