import Automation
import Base
import Governance
import Kernel
import Store
import TestKit
import Testing
import Webhooks

@Suite struct SecretTests {
    /// Every secret of the house that is text. A new one stands here, or it is no secret to the trail.
    private static let secrets: Set<String> = [
        "res.users.password", "res.users.password_hash", "res.users.apikeys.key", "res.users.apikeys.index", "base.session.token_digest",
        "base.totp.totp_secret", "base.invitation.token_digest", "mail.mail.one_time_link", "base.totp.code.digest",
        "care.mailbox.password", "care.mailbox.password_sealed",
        "base.automation.webhook_uuid", "base.automation.webhook_secret", "base.automation.webhook_secret_value",
        "webhook.endpoint.secret", "webhook.endpoint.secret_value", "webhook.endpoint.old_secret_value", "care.referral.status_token",
    ]
    /// Names that sound like a secret and are none: keys of definitions and settings, digests of content.
    private static let innocent: Set<String> = ["key", "token_expires", "old_secret_until"]

    @Test("the secrets of all models are those of the list, and bytes never stand in the trail")
    func theList() throws {
        let world = try World()
        var found: Set<String> = []
        for model in world.database.registry.models {
            for field in model.fields {
                if case .binary = field.kind {
                    #expect(field.isSecret, "\(model.name).\(field.name)")
                } else if field.isSecret {
                    found.insert(model.name + "." + field.name)
                } else if ["password", "secret", "token"].contains(where: field.name.contains) {
                    #expect(SecretTests.innocent.contains(field.name), "\(model.name).\(field.name) sounds like a secret")
                }
            }
        }
        #expect(found == SecretTests.secrets)
    }

    @Test("passwords, keys and secrets of webhooks that are written leave no trace in the trail; keys of definitions do")
    func theTrail() throws {
        let world = try World()
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let traces = try world.act { env -> [String] in
            let user = try env.create(User.self, ["login": "zoe", "name": "Zoe", "password": "a very long pass phrase"])
            try user.write(["password": "another long pass phrase"])
            let hash = user.passwordHash
            let endpoint = try env.create(WebhookEndpoint.self, ["name": "e", "url": "https://example.org/hook", "secret": .text(secret)])
            try endpoint.write(["secret": .text("whsec_" + "C2FVsBQIhrscChlQIMV+b5sSYspob7oD")])
            try env.create(Parameter.self, ["key": "test.visible", "value": "1"])
            return ["pass phrase", hash, secret, "C2FVsBQIhrscChlQIMV"]
        }
        let details = try world.database.inspectBlocking { connection in
            try connection.query("SELECT detail FROM baton_audit", [], [.text])
        }.compactMap(\.textValue)
        for trace in traces where !trace.isEmpty { #expect(!details.contains { $0.contains(trace) }, "a secret stands in the trail") }
        #expect(details.contains { $0.contains("\"key\":\"test.visible\"") })
    }

    @Test("a field made at run time whose name sounds like a secret is taken for one")
    func customFields() throws {
        let world = try World()
        try world.act(as: "admin") { (env: Environment) throws in
            let model = try env.search(ModelRecord.self, .where("model", .equal, "res.partner"))[0]
            for name in ["x_token", "x_colour"] {
                try env.create(
                    FieldRecord.self, ["name": .text(name), "field_description": "F", "model_id": .int(model.id), "ttype": "char"])
            }
        }
        let fields = try world.database.registry.requireModel("res.partner")
        #expect(try fields.requireField("x_token").isSecret)
        #expect(try !fields.requireField("x_colour").isSecret)
    }
}
