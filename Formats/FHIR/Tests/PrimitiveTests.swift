import FHIR
import JSON
import Testing

@Suite struct PrimitiveTests {
    /// The problems of an extension whose value has this type.
    private func faults(_ member: String, _ value: JSON) -> [FHIRProblem] {
        FHIRValidator.shared.check(FHIRData.object([("url", "https://example.org/x"), (member, value)]), dataType: "Extension")
    }

    @Test(
        "values in the format of their type are accepted",
        arguments: [
            ("valueBoolean", JSON.bool(true)), ("valueInteger", -2_147_483_648), ("valueInteger", 0), ("valueUnsignedInt", 0),
            ("valuePositiveInt", 1), ("valueDecimal", .number("1.50")), ("valueDecimal", .number("-1.5e-3")), ("valueDecimal", 7),
            ("valueString", "a b\n"), ("valueString", "Ünïcode"), ("valueMarkdown", "* a"), ("valueCode", "a b"), ("valueCode", "<="),
            ("valueId", "a-1.B"), ("valueUri", "urn:x:y"), ("valueUrl", "https://example.org/?a=b"), ("valueCanonical", "http://a/b|1.0#c"),
            ("valueOid", "urn:oid:1.2.840.0"), ("valueUuid", "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"),
            ("valueBase64Binary", "TWFu"), ("valueBase64Binary", "TWFu\nTQ=="), ("valueBase64Binary", "TQ=="),
            ("valueDate", "2026"), ("valueDate", "2026-11"), ("valueDate", "2024-02-29"), ("valueDateTime", "2026"),
            ("valueDateTime", "2026-11-20T10:30:00.123456+05:30"), ("valueInstant", "2016-12-31T23:59:60Z"), ("valueTime", "23:59:59.9"),
        ] as [(String, JSON)])
    func accepted(member: String, value: JSON) {
        #expect(faults(member, value) == [])
    }

    @Test(
        "values in another format are problems of the value at their place",
        arguments: [
            ("valueInteger", JSON.number("1.0")), ("valueInteger", 2_147_483_648), ("valueUnsignedInt", -1), ("valuePositiveInt", 0),
            ("valueString", " \n"), ("valueString", "a\u{0}"), ("valueCode", "a "), ("valueCode", "a  b"), ("valueCode", "a\tb"),
            ("valueId", "a_b"), ("valueUri", "a b"), ("valueOid", "1.2.3"), ("valueOid", "urn:oid:3.1"), ("valueOid", "urn:oid:1.02"),
            ("valueUuid", "c757873d-ec9a-4326-a141-556f43239520"), ("valueUuid", "urn:uuid:c757873d"), ("valueBase64Binary", "TWF"),
            ("valueBase64Binary", "TW=u"), ("valueBase64Binary", "T!Fu"), ("valueDate", "2026-13"), ("valueDate", "2026-2-3"),
            ("valueDate", "0000"), ("valueDate", "2025-02-29"), ("valueDate", "2026-11-20T10:30:00Z"),
            ("valueDateTime", "2026-11-20T10:30Z"),
            ("valueDateTime", "2026-11-20T24:00:00Z"), ("valueDateTime", "2026-11-20T10:30:00+15:00"), ("valueInstant", "2026-11-20"),
            ("valueTime", "10:30"), ("valueTime", "24:00:00"), ("valueTime", "10:30:00Z"),
        ] as [(String, JSON)])
    func refused(member: String, value: JSON) {
        let found = faults(member, value)
        #expect(found.map(\.code) == [.value])
        #expect(found.map(\.location) == ["Extension.value"])
    }

    @Test(
        "a primitive of the wrong JSON kind is a problem of structure",
        arguments: [
            ("valueBoolean", JSON.string("true")), ("valueDecimal", "1.5"), ("valueString", 1), ("valueDate", 2026), ("valueInteger", true),
        ] as [(String, JSON)])
    func carriers(member: String, value: JSON) {
        #expect(faults(member, value).map(\.code) == [.structure])
    }

    @Test("a value without content needs an extension beside it")
    func beside() {
        let reason: JSON = ["extension": [["url": "https://example.org/absent", "valueCode": "unknown"]]]
        #expect(faults("_valueString", reason) == [])
        #expect(faults("_valueString", ["id": "a"]).map(\.code) == [.invalid])
        #expect(faults("_valueString", "x").map(\.code) == [.structure])
        #expect(faults("_valueString", ["colour": 1]).contains { $0.location == "Extension.value.colour" })
        #expect(faults("_valuePeriod", ["id": "a"]).contains { $0.location == "Extension._valuePeriod" })
    }

    @Test("repeating primitives match their extensions by place")
    func repeating() {
        func name(_ given: JSON, _ beside: JSON) -> [FHIRProblem] {
            FHIRValidator.shared.check(["given": given, "_given": beside], dataType: "HumanName")
        }
        let reason: JSON = ["extension": [["url": "https://example.org/absent", "valueCode": "unknown"]]]
        #expect(name(["Ada", nil], [nil, reason]) == [])
        #expect(name(["Ada", nil], [reason, nil]).map(\.location) == ["HumanName.given[1]"])
        #expect(name(["Ada"], [reason, reason]).map(\.severity) == [.warning])
        #expect(name(["Ada"], reason).map(\.code) == [.structure])
        #expect(name([nil], [["id": "a"]]).map(\.code) == [.invalid])
    }

    @Test("a narrative is one balanced div without active content")
    func narrative() {
        func faults(_ div: String) -> [FHIRProblem] {
            FHIRValidator.shared.check(["status": "generated", "div": .string(div)], dataType: "Narrative")
        }
        #expect(faults("<div xmlns='http://www.w3.org/1999/xhtml'><!-- x --><b class=\"a>b\">Hi</b> &#160;<br /></div>\n") == [])
        #expect(faults("<div> <p/> </div>").map(\.severity) == [.warning])
        #expect(faults("<div><img src='#a'/></div>") == [])
        for bad in [
            "plain", "<p>x</p>", "<div><b></div>", "<div>", "<div></div><div></div>", "<div><script>x</script></div>",
            "<div onclick=\"x()\">a</div>", "<div><a href='javascript:x'>a</a></div>", "<div a=b>x</div>", "<div> <p/> </div>",
            "<div><SCRIPT>x</SCRIPT></div>", "<div><a href=' java\tscript:x'>a</a></div>", "<div><object data='x'>a</object></div>",
            "<!DOCTYPE html><div/>",
        ] {
            #expect(faults(bad).map(\.location) == ["Narrative.div"], "\(bad)")
        }
    }

    @Test("an extension has either a value or extensions of its own")
    func extensionContent() {
        #expect(FHIRValidator.shared.check(["url": "a"], dataType: "Extension").map(\.code) == [.invariant])
        #expect(FHIRValidator.shared.check(["valueString": "a"], dataType: "Extension").map(\.location) == ["Extension.url"])
        #expect(faults("extension", [["url": "b", "valueString": "c"]]) == [])
        #expect(
            FHIRValidator.shared.check(["url": "a", "valueString": "b", "valueCode": "c"], dataType: "Extension").map(\.code) == [
                .structure
            ])
    }
}
