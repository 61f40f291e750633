import Testing
import XMLRPC

@Suite struct SafetyTests {
    private func code(_ bytes: [UInt8], limits: XMLRPCLimits = .default) -> String? {
        do throws(XMLRPCError) {
            _ = try XMLRPCCall(parsing: bytes, limits: limits)
            return nil
        } catch { return error.code }
    }

    private func callText(_ value: String) -> [UInt8] {
        Array("<methodCall><methodName>m</methodName><params><param><value>\(value)</value></param></params></methodCall>".utf8)
    }

    @Test(
        "no document type reaches the parser, so no entity bomb and no file can be named",
        arguments: [
            "<!DOCTYPE methodCall>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>", "<!doctype a>",
            "<!ENTITY x 'y'>",
        ])
    func documentTypesAreRefused(prefix: String) {
        let call = String(decoding: callText("1"), as: UTF8.self)
        #expect(code(Array((prefix + call).utf8)) == "xmlrpc.doctype")
        #expect(code(Array(("<?xml version='1.0'?><!-- x -->\n" + prefix + call).utf8)) == "xmlrpc.doctype")
    }

    @Test("text in another encoding than UTF-8 is refused")
    func otherEncodings() {
        let call = callText("1")
        #expect(code([]) == "xmlrpc.empty")
        #expect(code([0xEF, 0xBB, 0xBF] + call) == nil)
        #expect(code([0xFF, 0xFE] + call.flatMap { [$0, 0] }) != nil)
        #expect(code(call.flatMap { [$0, 0] }) != nil)
        #expect(code(call.flatMap { [0, $0] }) != nil)
        #expect(code(Array("<methodCall><methodName>".utf8) + [0xE9] + Array("</methodName></methodCall>".utf8)) == "xmlrpc.syntax")
        let utf7 = Array("<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE a+AD4-".utf8)
        #expect(code(utf7) == "xmlrpc.syntax")
        #expect(code(Array("<?xml version='1.0' encoding='ISO-8859-1'?>".utf8) + call) == nil)
    }

    @Test("depth, size and tags are limited")
    func limits() {
        let nested = { (depth: Int) in
            String(repeating: "<array><data><value>", count: depth) + String(repeating: "</value></data></array>", count: depth)
        }
        #expect(code(callText(nested(64))) == nil)
        #expect(code(callText(nested(65))) == "xmlrpc.too_deep")
        #expect(code(callText(nested(10_000)), limits: XMLRPCLimits(maxDepth: .max)) == "xmlrpc.too_deep")
        #expect(code(callText("1"), limits: XMLRPCLimits(maxBytes: 10)) == "xmlrpc.too_large")
        let attributes = (0..<1000).map { " a\($0)='>'" }.joined()
        #expect(code(callText("<int\(attributes)>1</int>")) == "xmlrpc.too_large")
    }

    @Test("texts that cost the parser's time squared are refused at once")
    func squaredTime() {
        let clock = ContinuousClock()
        let names = (0..<200_000).map { "<value xmlns:a\($0)='b\($0)'/>" }.joined()
        let prefixes = (0..<200_000).map { "<p\($0):value/>" }.joined()
        let instructions = (0..<200_000).map { "<?p\($0)?>" }.joined()
        let entities = String(repeating: "&a;", count: 1_000_000)
        let duration = clock.measure {
            #expect(code(callText("<array><data>\(names)</data></array>")) == "xmlrpc.too_large")
            #expect(code(callText("<array><data>\(prefixes)</data></array>")) == "xmlrpc.syntax")
            #expect(code(callText(instructions)) == "xmlrpc.too_large")
            #expect(code(callText(entities)) == "xmlrpc.syntax")
        }
        #expect(duration < .seconds(20))
    }

    @Test("a text of twelve megabytes is read whole")
    func largeText() throws {
        let text = String(repeating: "0123456789ab", count: 1 << 20)
        let call = try XMLRPCCall(parsing: callText("<string>\(text)</string>"))
        #expect(call.parameters == [.string(text)])
    }

    @Test("an error names its line and quotes nothing")
    func errorNamesItsLine() {
        let error = #expect(throws: XMLRPCError.self) {
            try XMLRPCCall(parsing: Array("<methodCall>\n<methodName>m</methodName>\n<secret/></methodCall>".utf8))
        }
        #expect(error?.line == 3)
        #expect(error?.description.contains("secret") == false)
    }
}
