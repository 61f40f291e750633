import CRM
import Foundation
import HTTPServer
import JSON
import Kernel
import Testing

@Suite struct EventTests {
    /// The next pieces of a stream until one holds a word, or the stream ends.
    private func read(_ response: HTTPResponse, until word: String, atMost pieces: Int = 40) async throws -> String {
        guard case .stream(let stream) = response.body else { return "" }
        var text = ""
        for _ in 0..<pieces where !text.contains(word) {
            guard let piece = try await stream.next() else { break }
            text += String(decoding: piece, as: UTF8.self)
        }
        return text
    }

    @Test("a committed change reaches whoever may read the record, with a number to go on from")
    func change() async throws {
        let desk = try Desk { $0.streamSeconds = 5 }
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let stream = try await desk.ask(.get, "/app/api/events?models=crm.lead", ann)
        #expect(stream.headers["Content-Type"] == "text/event-stream; charset=utf-8")
        _ = try await read(stream, until: "hello")
        let id = try desk.world.act { env in try env.create(Lead.self, ["name": "New"]).id }
        // News of the record's first message may come before the creation itself, under the number of what was told before.
        let text = try await read(stream, until: "\"kind\":\"create\"")
        #expect(text.contains("\"ids\":[\(id)]") && text.contains("\"model\":\"crm.lead\""))
        let number = try #require(text.matches(of: #/id: (\d+)/#).last).1
        // Whoever comes back with the number hears what came after it, and nothing twice.
        try desk.world.act { env in try env.record(Lead.self, id).write(["name": "Changed"]) }
        let resumed = try await desk.ask(.get, "/app/api/events?models=crm.lead", ann, headers: ["Last-Event-ID": String(number)])
        let rest = try await read(resumed, until: "\"kind\":\"write\"")
        #expect(rest.contains("\"kind\":\"write\"") && !rest.contains("\"kind\":\"create\""))
    }

    @Test("a change of a record out of reach is not told, not even that there was one")
    func outOfReach() async throws {
        let desk = try Desk { $0.streamSeconds = 0.6 }
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let stream = try await desk.ask(.get, "/app/api/events?models=crm.lead,res.users,base.session", ann)
        _ = try await read(stream, until: "hello")
        try desk.world.act { env in
            let other = try env.create(try env.registry.requireModel("res.company"), [["name": "Elsewhere"]]).ids[0]
            try env.create(Lead.self, ["name": "Hidden", "company_id": .int(other)])
        }
        let text = try await read(stream, until: "never")
        #expect(!text.contains("event: change"))
    }

    @Test("a number from before what is kept, or from nowhere, is answered with a gap")
    func gap() async throws {
        let desk = try Desk { $0.streamSeconds = 1 }
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        for number in ["0", "99999999"] {
            let stream = try await desk.ask(.get, "/app/api/events?models=crm.lead", ann, headers: ["Last-Event-ID": number])
            #expect(try await read(stream, until: "event: gap").contains("event: gap"))
        }
    }

    @Test("a session has only so many streams, and one that ends makes room")
    func limits() async throws {
        let desk = try Desk {
            $0.streamsOfSession = 2
            $0.streamSeconds = 5
        }
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        var open: [HTTPResponse] = []
        for _ in 0..<2 { open.append(try await desk.ask(.get, "/app/api/events?models=crm.lead", ann)) }
        #expect(open.allSatisfy { $0.status == 200 })
        let refused = try await desk.ask(.get, "/app/api/events?models=crm.lead", ann)
        #expect(refused.status == 503)
        open.removeAll()
        #expect(try await desk.ask(.get, "/app/api/events?models=crm.lead", ann).status == 200)
    }

    @Test("whoever signs out hears nothing more")
    func signedOut() async throws {
        let desk = try Desk { $0.streamSeconds = 5 }
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let stream = try await desk.ask(.get, "/app/api/events?models=crm.lead", ann)
        _ = try await read(stream, until: "hello")
        try await desk.authenticator.end(session: ann, address: "127.0.0.1")
        try desk.world.act { env in _ = try env.create(Lead.self, ["name": "After"]) }
        let began = ContinuousClock().now
        #expect(try await !read(stream, until: "event: change").contains("event: change"))
        #expect(ContinuousClock().now - began < .seconds(4), "the stream ends by the session, not by its own time")
    }
}
