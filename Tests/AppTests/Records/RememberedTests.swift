import Base
import Kernel
import TestKit
import Testing

@Suite struct RememberedTests {
    @Test("something remembered that may be absent is made once, absent or not, until its records change")
    func optionalContent() throws {
        let world = try World(apps: [BaseApp.app])
        let count = Locked(0)
        @Sendable func first(_ env: Environment) throws -> String? {
            try env.remembered("test.first", from: [PartnerTag.name]) { env -> String? in
                count.withLock { $0 += 1 }
                return try env.search(PartnerTag.self, limit: 1).first?.displayedName
            }
        }
        #expect(try world.act { try first($0) } == nil)
        #expect(try world.act { try first($0) } == nil)
        #expect(count.withLock { $0 } == 1)
        try world.act { (env: Environment) throws in
            try env.create(PartnerTag.self, ["name": "red"])
            #expect(try first(env) == "red")
        }
        #expect(try world.act { try first($0) } == "red")
        #expect(try world.act { try first($0) } == "red")
        #expect(count.withLock { $0 } == 3)
    }
}
