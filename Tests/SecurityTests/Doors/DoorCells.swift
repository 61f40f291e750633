import JSON
import Kernel

/// What one asker gets out of the doors, compared with what is declared.
struct DoorCells {
    let scene: DoorScene
    let asker: DoorScene.Asker
    let wire: Wire
    var expectation: Expectation
    var tally = Tally()
    /// How many canaries that may be seen were seen, by route: a probe that never shows anything proves nothing.
    var shown: [String: Int] = [:]
    private var named: [Canary: Bool] = [:]

    init(_ scene: DoorScene, _ asker: DoorScene.Asker) throws {
        self.scene = scene
        self.asker = asker
        wire = Wire(port: scene.server.port)
        expectation = try scene.expectation(asker)
    }

    /// Sends a request and looks for what must not be in its answer, the head included.
    mutating func ask(
        _ route: String, _ method: String, _ path: String, _ headers: [String: String] = [:], _ body: [UInt8] = [],
        _ what: @autoclosure () -> String
    ) throws -> Wire.Answer {
        let answer = try wire.ask(method, path, headers, body)
        tally.cells += 1
        // An answer may repeat what the asker said.
        let own = Canary.found(in: Array(path.utf8))
        for canary in Canary.found(in: answer.body).union(Canary.found(in: Array(answer.head.utf8))).subtracting(own) {
            if try isAllowed(canary, route) {
                shown[route, default: 0] += 1
            } else {
                tally.leaks.append("\(asker.login): \(what()) shows \(name(canary))")
            }
        }
        return answer
    }

    /// A record to look at that this asker may read, and one that is out of reach, of a model.
    mutating func samples(_ model: String) throws -> (open: Int?, closed: Int?) {
        var (open, closed): (Int?, Int?) = (nil, nil)
        for id in scene.facts.ids(model) {
            if try expectation.may("r", model, id) { open = open ?? id } else { closed = id }
        }
        return (open, closed)
    }

    private mutating func isAllowed(_ canary: Canary, _ route: String) throws -> Bool {
        guard let model = scene.registry.models.first(where: { $0.index == canary.model }), canary.slot < model.fields.count else {
            return false
        }
        let field = model.fields[canary.slot]
        if case .catalogue(let names)? = RouteTable.rules[route], names.contains(model.name), field.name == model.nameField { return true }
        if RouteTable.rules[route] == .silent { return false }
        if try expectation.sees(field) && expectation.may("r", model.name, canary.id) { return true }
        return try field.name == model.nameField && isNamed(canary, model)
    }

    /// A link shows the name of its target, as Odoo's does: whoever may read a record learns what its links lead to, and no more.
    private mutating func isNamed(_ canary: Canary, _ model: ModelSchema) throws -> Bool {
        if let known = named[canary] { return known }
        // One's own account and sites have names for oneself.
        if model.name == "res.users", canary.id == asker.id { return true }
        if model.name == "res.company", expectation.user.companyIds.contains(canary.id) { return true }
        for other in scene.registry.models {
            for field in other.fields where field.hasColumn && field.kind.comodel == model.name && expectation.sees(field) {
                let linking = try scene.world.database.readBlocking(superuser: true) { env -> [Int] in
                    try env.with(context: ["active_test": false]).search(other, .where(field.name, .equal, .int(canary.id))).ids
                }
                for id in linking where try expectation.may("r", other.name, id) {
                    named[canary] = true
                    return true
                }
            }
        }
        named[canary] = false
        return false
    }

    func name(_ canary: Canary) -> String {
        guard let model = scene.registry.models.first(where: { $0.index == canary.model }) else { return canary.word }
        return "\(model.name)(\(canary.id)).\(model.fields[canary.slot].name)"
    }

    /// Notes that something was done that should have been refused.
    mutating func expectRefused(_ isRefused: Bool, _ what: @autoclosure () -> String) {
        tally.cells += 1
        if !isRefused { tally.leaks.append("\(asker.login): \(what()) was not refused") }
    }
}
