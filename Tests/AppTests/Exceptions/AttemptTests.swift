import Exceptions
import Kernel
import TestKit
import Testing

@testable import Exceptions

/// Attempts of nobody who is known.
@Suite struct AttemptTests {
    private func attempt(_ address: String, route: String = "/fhir", note: String = "") -> AttemptLog.Attempt {
        AttemptLog.Attempt(
            cause: "security.unauthorised", title: "Calls without a valid login", remedy: "Find out who works there.", route: route,
            address: address, note: note)
    }

    private func raised(_ world: World) throws -> [String] {
        try world.act { env in
            try env.search(ExceptionCase.self, .where("source", .equal, "security"), order: "id").map {
                "\($0.reference) \($0.occurrences) \($0.user?.id ?? 0)"
            }
        }
    }

    @Test("attempts of one cause, route and address are one exception that counts them and has an owner")
    func grouped() throws {
        let world = try World()
        try world.act { env in
            try AttemptLog.raise(attempt("10.0.0.7"), times: 1, in: env)
            try AttemptLog.raise(attempt("10.0.0.7"), times: 40, in: env)
            try AttemptLog.raise(attempt("10.0.0.7", route: "/jsonrpc"), times: 2, in: env)
        }
        #expect(
            try raised(world) == [
                "security.unauthorised /fhir 10.0.0.7 41 2", "security.unauthorised /jsonrpc 10.0.0.7 2 2",
            ])
        let notes = try world.act { env in try env.search(Occurrence.self, order: "id").map(\.displayedName) }
        #expect(notes.contains("Calls without a valid login at /fhir from 10.0.0.7 (40 times)"))
    }

    @Test("from more addresses than are kept apart they are counted together")
    func limited() throws {
        let world = try World()
        try world.act { env in
            for number in 0..<AttemptLog.groupLimit + 30 { try AttemptLog.raise(attempt("10.1.0.\(number)"), times: 1, in: env) }
        }
        let rows = try raised(world)
        #expect(rows.count == AttemptLog.groupLimit + 1 && rows.last == "security.unauthorised * * 30 2")
    }

    @Test("a flood through the log is written now and then, and nothing of it is lost")
    func flood() async throws {
        let world = try World()
        let log = AttemptLog(database: world.database)
        for number in 0..<1_000 { log.note(attempt("10.2.0.\(number % 3)")) }
        let counted = { try raised(world).reduce(0) { $0 + (Int($1.split(separator: " ")[3]) ?? 0) } }
        for _ in 0..<200 {
            if try counted() == 1_000 { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(try counted() == 1_000)
        let notes = try world.act { env in try env.count(Occurrence.self) }
        #expect(notes <= 6, "a thousand attempts made \(notes) notes")
    }
}
