import Kernel

/// Every route by itself, with each way to show who one is, and the pages that people see.
extension DoorCells {
    /// Asks each route as it stands; what fills its parameters is in reach once, and out of reach once.
    mutating func routes() throws {
        let documents = try samples("care.document")
        let attachments = try samples("ir.attachment")
        for pattern in scene.router.patterns {
            let name = RouteTable.name(pattern)
            // A stream without an end has tests of its own: ClientDoorTests.
            if name == "GET /app/api/events" { continue }
            let (open, closed) = name.contains("/attachments/") ? attachments : documents
            let parts = pattern.split(separator: " ", maxSplits: 1).map(String.init)
            for id in [open, closed].compactMap({ $0 }) {
                let page = name.contains("/words/") ? "1" : "1.png"
                let path = parts[1].replacing("{id}", with: String(id)).replacing("{page}", with: page).replacing(
                    "{token}", with: "zqzqzqzqzq"
                )
                .replacing("{model}", with: "care.patient").replacing("{method}", with: "search").replacing("{service}", with: "object")
                .replacing("{path*}", with: "care.patient/search").replacing("{build}", with: "0")
                // A session that was ended would prove nothing further on.
                let endsSession = name.hasSuffix("/logout") || name.hasSuffix("/destroy")
                for (way, headers) in credentials where way != "session" || !endsSession {
                    let body = parts[0] == "GET" ? [] : Array(#"{"jsonrpc":"2.0","id":1,"params":{}}"#.utf8)
                    let answer = try ask(
                        name, parts[0], path, headers.merging(["Content-Type": "application/json"]) { $1 }, body,
                        "\(parts[0]) \(path) by \(way)")
                    if name.contains("/documents/{id}") || name.contains("/attachments/{id}"), id == closed || asker.isNobody {
                        expectRefused(answer.status >= 300, "\(parts[0]) \(path) by \(way): \(answer.status)")
                    }
                }
            }
        }
    }

    private var credentials: [(String, [String: String])] {
        if asker.isNobody { return [("nothing", [:])] }
        return [
            ("password", ["Authorization": asker.basic]), ("key", ["Authorization": "Bearer " + asker.key]),
            ("session", ["Cookie": "session_id=" + asker.session]),
        ]
    }

    /// The status page of a referral: whoever has its code sees its stage, and nothing else; a number alone opens nothing.
    mutating func status() throws {
        guard
            let (number, token, id) = try scene.world.act({ env -> (String, String, Int)? in
                let everything = try env.with(context: ["active_test": false])
                let model = try env.registry.requireModel("care.referral")
                let found = try everything.search(model, .where("status_token", .notEqual, .null), limit: 1)
                guard let id = found.ids.first else { return nil }
                return (try found.value(id, "name").textValue ?? "", try found.value(id, "status_token").textValue ?? "", id)
            })
        else { return tally.leaks.append("There is no referral with a status token to try.") }
        let reference = number.split(separator: " ").first.map(String.init) ?? ""
        let wrong = try ask(
            "GET /portal/status", "GET", "/portal/status?reference=\(reference)&token=zqzqzqzqzqzq", [:], [], "status by number")
        expectRefused(!wrong.text.contains(reference), "status of \(reference) by its number alone")
        let answer = try wire.ask("GET", "/portal/status/" + token)
        tally.cells += 1
        for canary in Canary.found(in: answer.body) {
            let isNumber = name(canary) == "care.referral(\(id)).name"
            if !isNumber { tally.leaks.append("The status page shows \(name(canary))") }
        }
        expectRefused(answer.status == 200 && answer.text.contains(reference), "nothing: the status page of \(id) shows its number")
    }
}
