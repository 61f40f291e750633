import MIME
import Testing

@Suite struct FormTests {
    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return (error as? MIMEError)?.code }
    }

    @Test("fields keep their order, and names may repeat")
    func fields() throws {
        let form = try URLEncodedForm(parsing: "a=1&&b=x+y%26%C3%A9&a=2&empty=&bare&=v&c==")
        #expect(form.fields.map(\.name) == ["a", "b", "a", "empty", "bare", "", "c"])
        #expect(form["a"] == "1")
        #expect(form.values("a") == ["1", "2"])
        #expect(form["b"] == "x y&é")
        #expect(form["empty"] == "")
        #expect(form["bare"] == "")
        #expect(form["c"] == "=")
        #expect(form["none"] == nil)
        #expect(try URLEncodedForm(parsing: "").fields.isEmpty)
    }

    @Test("what is written reads back and is plain ASCII")
    func written() throws {
        let form = URLEncodedForm([.init(name: "a b", value: "&=+%é😀\r\n"), .init(name: "", value: "*-._~")])
        #expect(String(decoding: form.serialized(), as: UTF8.self) == "a+b=%26%3D%2B%25%C3%A9%F0%9F%98%80%0D%0A&=*-._%7E")
        #expect(try URLEncodedForm(parsing: form.serialized()) == form)
    }

    @Test("broken escapes, other encodings and too many fields are refused")
    func refused() {
        for text in ["a=%", "a=%1", "a=%zz", "%=1", "a=%+1"] { #expect(code { _ = try URLEncodedForm(parsing: text) } == "mime.escape") }
        for text in ["a=%FF", "%C0%AF=1", "a=%ED%A0%80"] { #expect(code { _ = try URLEncodedForm(parsing: text) } == "mime.encoding") }
        let two = MIMELimits(maxBytes: 8, maxFields: 2)
        #expect(code { _ = try URLEncodedForm(parsing: "a&b", limits: two) } == nil)
        #expect(code { _ = try URLEncodedForm(parsing: "a&b&c", limits: two) } == "mime.too_many_fields")
        #expect(code { _ = try URLEncodedForm(parsing: "a=3456789", limits: two) } == "mime.too_large")
    }

    @Test("percent-encoding keeps unreserved characters only")
    func percentEncoding() throws {
        #expect(PercentEncoding.encoded("aZ0-._~ /+é") == "aZ0-._~%20%2F%2B%C3%A9")
        #expect(try PercentEncoding.decoded("a%20b+c") == "a b+c")
        #expect(try PercentEncoding.decoded("a%20b+c", plusIsSpace: true) == "a b c")
        #expect(code { _ = try PercentEncoding.decoded("%4") } == "mime.escape")
    }

    @Test("a content type is read with its parameters")
    func contentType() throws {
        let type = try #require(ContentType("Text/HTML ; Charset=\"utf-8\" ;q=a;charset=x; "))
        #expect(type.essence == "text/html")
        #expect(type.parameters == ["charset": "utf-8", "q": "a"])
        for text in ["", ";", "text", "text/", "/x", "a/b/c", "text/x; =1", "text/x; a", "te xt/x", "text/x; a=\"", "text/x; a=\"b\"c"] {
            #expect(ContentType(text) == nil, "\(text)")
        }
    }
}
