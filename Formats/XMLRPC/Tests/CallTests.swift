import Testing
import XMLRPC

@Suite struct CallTests {
    private func call(_ values: String) throws -> [XMLRPCValue] {
        let text = "<?xml version='1.0'?>\n<methodCall>\n<methodName>execute_kw</methodName>\n<params>\n\(values)</params>\n</methodCall>\n"
        return try XMLRPCCall(parsing: Array(text.utf8)).parameters
    }

    private func value(_ inner: String) throws -> XMLRPCValue? { try call("<param><value>\(inner)</value></param>").first }

    private func code(_ text: String, limits: XMLRPCLimits = .default) -> String? {
        do throws(XMLRPCError) {
            _ = try XMLRPCCall(parsing: Array(text.utf8), limits: limits)
            return nil
        } catch { return error.code }
    }

    @Test("every type is read")
    func everyTypeIsRead() throws {
        #expect(try value("<int> 5\n</int>") == .int(5))
        #expect(try value("<i4>-7</i4>") == .int(-7))
        #expect(try value("<i8>9223372036854775807</i8>") == .int(.max))
        #expect(try value("<boolean>1</boolean>") == .bool(true))
        #expect(try value("<boolean>0</boolean>") == .bool(false))
        #expect(try value("<double>-1.25</double>") == .double(-1.25))
        #expect(try value("<string> a &lt;&amp;&#233;&#x1F600; </string>") == .string(" a <&é😀 "))
        #expect(try value("<string/>") == .string(""))
        #expect(try value("plain") == .string("plain"))
        #expect(try value("") == .string(""))
        #expect(try value("<string><![CDATA[<b>]]>x<!-- no -->y</string>") == .string("<b>xy"))
        #expect(try value("<nil/>") == .nil)
        #expect(try value("<ex:nil xmlns:ex='http://ws.apache.org/xmlrpc/namespaces/extensions'/>") == .nil)
        #expect(try value("<base64>\naGVs\nbG8=\n</base64>") == .base64(Array("hello".utf8)))
        #expect(try value("<dateTime.iso8601>20260301T09:30:00</dateTime.iso8601>") == .dateTime("20260301T09:30:00"))
    }

    @Test("arrays and structs nest and keep their order")
    func containersNest() throws {
        let text = """
            <struct>
              <member><name>b</name><value><array><data><value><int>1</int></value> <value>x</value></data></array></value></member>
              <member>
                <name>a</name>
                <value><struct></struct></value>
              </member>
            </struct>
            """
        let expected = XMLRPCValue.structure(["b": .array([.int(1), .string("x")]), "a": .structure([:])])
        #expect(try value(text) == expected)
        #expect(try value("<array><data/></array>") == .array([]))
        #expect(try call("<param><value>1</value></param> <param><value>2</value></param>") == [.string("1"), .string("2")])
    }

    @Test("a call without parameters is a call")
    func callWithoutParameters() throws {
        let call = try XMLRPCCall(parsing: Array("<methodCall><methodName>version</methodName></methodCall>".utf8))
        #expect(call == XMLRPCCall(method: "version", parameters: []))
    }

    @Test(
        "values that are not what they claim are refused",
        arguments: [
            "<int></int>", "<int>1.5</int>", "<int>9223372036854775808</int>", "<boolean>2</boolean>", "<boolean>true</boolean>",
            "<double>nan</double>", "<double>1e999</double>", "<double>x</double>", "<base64>a</base64>", "<base64>ab=c</base64>",
            "<base64>ab!=</base64>", "<dateTime.iso8601/>",
        ])
    func badValues(inner: String) {
        #expect(
            code("<methodCall><methodName>m</methodName><params><param><value>\(inner)</value></param></params></methodCall>")
                == "xmlrpc.bad_value")
    }

    @Test(
        "elements out of place are refused",
        arguments: [
            "<methodResponse><params><param><value>1</value></param></params></methodResponse>", "<methodCall/>", "<html/>",
            "<methodCall><methodName>m</methodName><methodName>n</methodName></methodCall>", "<methodCall><methodName/></methodCall>",
            "<methodCall><methodName>m</methodName>text</methodCall>",
            "<methodCall><methodName>m</methodName><params/><params/></methodCall>",
            "<methodCall><methodName>m</methodName><params><param/></params></methodCall>",
            "<methodCall><methodName>m</methodName><params><param><value>1</value><value>2</value></param></params></methodCall>",
            "<methodCall><methodName>m</methodName><params><param><value>1<int>2</int></value></param></params></methodCall>",
            "<methodCall><methodName>m</methodName><params><param><value><int>2</int>1</value></param></params></methodCall>",
            "<methodCall><methodName>m</methodName><params><param><value><int>2</int><int>1</int></value></param></params></methodCall>",
            "<methodCall><methodName>m</methodName><params><param><value><struct><member><value>1</value></member></struct></value></param></params></methodCall>",
            "<methodCall><methodName>m</methodName><params><param><value><struct><member><name>1</name></member></struct></value></param></params></methodCall>",
            "<methodCall><methodName>m</methodName><params><param><value><array><value>1</value></array></value></param></params></methodCall>",
            "<methodCall><methodName>m</methodName><params><param><value><unknown/></value></param></params></methodCall>",
        ])
    func elementsOutOfPlace(text: String) { #expect(code(text) == "xmlrpc.unexpected") }

    @Test(
        "text that is not well-formed is refused",
        arguments: [
            "x", "<methodCall>", "<methodCall></methodName>", "<methodCall/><methodCall/>",
            "<methodCall><methodName>&x;</methodName></methodCall>",
            "<methodCall><methodName>\u{1}</methodName></methodCall>", "<methodCall a='1' a='2'/>", "<!-- ", "<?xml", "<methodCall a='",
            " <?xml version='1.0'?><methodCall/>",
        ])
    func notWellFormed(text: String) { #expect(code(text) == "xmlrpc.syntax") }
}
