import Base
import Crypto
import JSON
import Kernel
import Testing

@Suite struct SecondFactorCallTests {
    private func phone(_ key: JSON?, _ desk: Desk) throws -> JSON {
        let bytes = try #require(Base32.decode(key?.stringValue ?? ""))
        return .string(OneTimePassword(key: bytes).code(step: OneTimePassword.step(at: desk.world.clock.now.seconds)))
    }

    @Test("a person sets up a second factor with password and code, and all their other sessions end")
    func setUp() async throws {
        let desk = try Desk()
        let ann = try await desk.person("ann", groups: ["base.group_user"])
        let elsewhere = try await desk.again("ann")
        let own = try await desk.again("ann")
        #expect(try await desk.call("totp", own).json == ["enabled": false, "required": false, "codes": 0])
        #expect(try await desk.call("totp", own, ["step": "begin", "password": "wrong"]).json["code"] == "login.wrong_password")
        let begun = try await desk.call("totp", own, ["step": "begin", "password": .string(Desk.password)]).json
        #expect(begun["key"]?.stringValue?.count == 32)
        let size = try #require(begun["picture"]?["size"]?.intValue)
        #expect((29...69).contains(size) && begun["picture"]?["path"]?.stringValue?.hasPrefix("M4 4h7v1h-7z") == true)
        #expect(try await desk.call("totp", own, ["step": "confirm", "code": "000000"]).json["code"] == "totp.wrong")
        #expect(try await desk.call("totp", own).json["enabled"] == false)
        let done = try await desk.call("totp", own, ["step": "confirm", "code": try phone(begun["key"], desk)]).json
        #expect(done["codes"]?.arrayValue?.count == 10)
        #expect(try await desk.call("totp", own).json == ["enabled": true, "required": false, "codes": 10])
        for session in [ann, elsewhere] { #expect(try await desk.call("totp", session).status == 401) }
        let again = try await desk.call("totp", own, ["step": "begin", "password": .string(Desk.password)])
        #expect(again.status == 409 && again.json["code"] == "totp.enabled")
    }

    @Test("it is taken away with the password alone, and new recovery codes need it as well")
    func takeAway() async throws {
        let desk = try Desk()
        let own = try await desk.person("ann", groups: ["base.group_user"])
        let password: JSON = .string(Desk.password)
        let begun = try await desk.call("totp", own, ["step": "begin", "password": password]).json
        let first = try await desk.call("totp", own, ["step": "confirm", "code": try phone(begun["key"], desk)]).json
        #expect(try await desk.call("totp", own, ["step": "codes"]).json["code"] == "login.wrong_password")
        let second = try await desk.call("totp", own, ["step": "codes", "password": password]).json
        #expect(second["codes"]?.arrayValue?.count == 10 && second["codes"] != first["codes"])
        #expect(try await desk.call("totp", own, ["step": "disable", "password": "guess"]).json["code"] == "login.wrong_password")
        #expect(try await desk.call("totp", own, ["step": "disable", "password": password]).json["enabled"] == false)
        #expect(try await desk.call("totp", own, ["step": "codes", "password": password]).json["code"] == "totp.disabled")
    }

    @Test("nobody without a browser's session sets one up: a stolen key or password of a program must not")
    func programs() async throws {
        let desk = try Desk()
        _ = try await desk.person("ann", groups: ["base.group_user"])
        let basic = Base64.standard.encode(Array("ann:\(Desk.password)".utf8))
        let answer = try await desk.ask(.post, "/app/api/totp", headers: ["Authorization": "Basic " + basic], body: [:])
        #expect(answer.status == 403)
        #expect(try JSON.parse(answer.bytes)["code"] == "totp.browser_only")
        #expect(try await desk.call("totp", nil).status == 401)
        let unknown = try await desk.call("totp", try await desk.again("ann"), ["step": "steal"])
        #expect(unknown.json["code"] == "client.bad_call")
    }
}
