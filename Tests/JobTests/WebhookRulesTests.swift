import Crypto
import Engine
import Kernel
import Testing

@Suite struct WebhookRulesTests {
    @Test("a message is signed as the standard's own example says")
    func example() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let body = Array(#"{"test": 2432232314}"#.utf8)
        let signature = StandardWebhook.signature(id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330, body: body, secrets: [secret])
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("what was signed is believed, and nothing else is")
    func checking() throws {
        let (secret, other) = (WebhookSecret.random(), WebhookSecret.random())
        let now = Instant(seconds: 1_772_442_000)
        let body = Array("{\"a\":1}".utf8)
        let good = StandardWebhook.signature(id: "msg_1", seconds: now.seconds, body: body, secrets: [secret])
        func doubt(
            id: String? = "msg_1", time: String? = String(now.seconds), signature: String? = good, body: [UInt8] = body,
            secrets: [WebhookSecret] = [secret], later: Int = 0
        ) -> StandardWebhook.Doubt? {
            do throws(StandardWebhook.Doubt) {
                try StandardWebhook.check(id: id, timestamp: time, signature: signature, body: body, secrets: secrets, now: now + later)
                return nil
            } catch { return error }
        }
        #expect(doubt() == nil)
        #expect(doubt(later: 300) == nil)
        #expect(doubt(secrets: [other, secret]) == nil)
        #expect(doubt(signature: "v2,abc v1,AAAA " + good) == nil)
        #expect(doubt(later: 301) == .untimely)
        #expect(doubt(later: -301) == .untimely)
        #expect(doubt(body: body + [0x20]) == .forged)
        #expect(doubt(id: "msg_2") == .forged)
        #expect(doubt(time: String(now.seconds + 1)) == .forged)
        #expect(doubt(secrets: [other]) == .forged)
        #expect(doubt(secrets: []) == .forged)
        #expect(doubt(signature: "v1a," + good.dropFirst(3)) == .forged)
        #expect(doubt(signature: "v1,") == .forged)
        for header in [nil, "", "+5", "05", "-5", "1e9", "1772442000.0"] { #expect(doubt(time: header) == .malformed) }
        for header in [nil, "", "a b", "a.b", "a\nb", String(repeating: "x", count: 257)] { #expect(doubt(id: header) == .malformed) }
        #expect(doubt(signature: nil) == .malformed)
        // A good signature behind too many others is not looked for.
        #expect(doubt(signature: String(repeating: "v1,AAAA ", count: 10) + good) == .forged)
    }

    @Test("a key shows itself nowhere but where it is handed over")
    func secrets() {
        let secret = WebhookSecret.random()
        #expect("\(secret)" == "whsec_…")
        #expect(WebhookSecret(secret.text) == secret)
        for text in [
            "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAAA", "whsec_!!!!",
            "whsec_" + Base64.standard.encode(Array(repeating: 1, count: 65)),
        ] {
            #expect(WebhookSecret(text) == nil)
        }
    }

    @Test(
        "addresses inside are closed in every spelling",
        arguments: [
            "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
            "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1",
            "fc00::1",
            "fd12::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:db8::1", "fec0::1",
        ])
    func closed(_ text: String) throws {
        #expect(try !ReachableAddresses().permits(#require(IPAddress(text))))
    }

    @Test("public addresses are open, and those that a setting names")
    func open() throws {
        for text in ["8.8.8.8", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "100.128.0.1"] {
            #expect(try ReachableAddresses().permits(#require(IPAddress(text))), "\(text)")
        }
        let named = ReachableAddresses(allowed: IPNetwork.list("10.1.0.0/16, nonsense 127.0.0.1 fd00::/8 10.0.0.0/33"))
        #expect(named.allowed.count == 3)
        for (text, isOpen) in [
            ("10.1.2.3", true), ("10.2.0.1", false), ("127.0.0.1", true), ("127.0.0.2", false), ("fdff::1", true), ("fc00::1", false),
        ] {
            #expect(try named.permits(#require(IPAddress(text))) == isOpen, "\(text)")
        }
    }

    @Test("an address of a receiver holds a host and nothing that hides one")
    func targets() {
        for text in ["https://a.example/hook?x=1", "http://10.0.0.1:8080/", "https://[2606:4700::1111]/"] {
            #expect(throws: Never.self) { try WebhookTarget(text) }
        }
        let bad = [
            "", "a.example", "ftp://a.example/", "file:///etc/passwd", "https://", "https:///x", "https://user:pass@a.example/",
            "https://a.example/#x",
            "https://a.example/ x", "gopher://a.example/", "https://a.example/\r\nHost: b", "https://a.example/ü",
            "https://a.example/" + String(repeating: "x", count: 2_000),
        ]
        for text in bad { #expect(throws: WebhookTarget.Fault.self, "\(text)") { try WebhookTarget(text) } }
    }
}
