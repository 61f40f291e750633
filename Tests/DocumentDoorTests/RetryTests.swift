import Base
import Exceptions
import HTTPServer
import Kernel
import Pages
import Referrals
import TestKit
import Testing

@testable import DocumentDoor

/// Documents that were refused, tried again from their exceptions.
@Suite struct RetryTests {
    private func retry(_ place: Place) throws -> [Bool] {
        let answer = try place.world.act { env in try env.search(ExceptionCase.self, .where("state", .equal, "open")).call("action_retry") }
        return answer.listValue?.map { $0.mapValue?["retried"] == true } ?? []
    }

    private func states(_ place: Place) throws -> [Document.State?] { try place.world.act { try $0.search(Document.self).map(\.state) } }

    @Test("a document that was refused is refused again with its history while its cause lasts, and taken once when it is gone")
    func refused() async throws {
        var limits = PageLimits.standard
        limits.pageCount = 2
        let place = try Place(pageLimits: limits)
        let answer = try await place.upload(DocumentSamples.pdf(pages: 3))
        #expect(answer.status >= 400, "\(answer.text)")
        #expect(try states(place) == [.refused])
        #expect(try retry(place) == [true])
        try await place.door.reader.sweep()
        #expect(try states(place) == [.refused])
        let (times, history) = try place.world.act { env in
            let item = try #require(try env.search(ExceptionCase.self, limit: 1).first)
            return (item.occurrences, item.history.count)
        }
        #expect(times == 2 && history == 2)
        // As after a start with other limits.
        let database = place.world.database
        let next = try DocumentDoor(
            database: database, authenticator: Authenticator(database: database), pages: PageService(executable: Place.worker),
            configuration: DocumentDoorConfiguration())
        try await next.reader.sweep()
        #expect(try states(place) == [.refused], "what was refused is not looked at before somebody asks")
        #expect(try retry(place) == [true])
        try await next.reader.sweep()
        try await next.reader.sweep()
        #expect(try states(place) == [.checked])
        #expect(try place.world.act { try $0.count(DocumentPage.self) } == 3)
        let open = try place.world.act { try $0.search(ExceptionCase.self, .where("state", .notEqual, "resolved")).count }
        #expect(open == 0)
        await place.stop()
    }
}
