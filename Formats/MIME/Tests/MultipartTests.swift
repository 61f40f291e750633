import MIME
import Testing

@Suite struct MultipartTests {
    private let type = "multipart/form-data; boundary=XyZ"

    private func form(_ text: String, limits: MIMELimits = .default) throws -> MultipartForm {
        try MultipartForm(parsing: Array(text.replacing("\n", with: "\r\n").utf8), contentType: type, limits: limits)
    }

    private func code(_ text: String, limits: MIMELimits = .default) -> String? {
        do {
            _ = try form(text, limits: limits)
            return nil
        } catch { return (error as? MIMEError)?.code }
    }

    private func part(_ headers: String, _ content: String = "x") -> String { "--XyZ\n\(headers)\n\n\(content)\n--XyZ--\n" }

    @Test("fields and files are cut out byte for byte")
    func fieldsAndFiles() throws {
        let form = try form(
            "--XyZ\nContent-Disposition: form-data; name=\"note\"\n\nfirst\n\nsecond--XyZ\n--XyZ\n"
                + "content-disposition: form-data; filename=\"C:\\scans\\a b.pdf\"; name=doc\nContent-Type: Application/PDF; x=y\n\n%PDF-\u{0}\n\n"
                + "--XyZ--\nepilogue")
        #expect(form.parts.count == 2)
        #expect(form["note"] == .init(name: "note", bytes: Array("first\r\n\r\nsecond--XyZ".utf8)))
        #expect(form["doc"] == .init(name: "doc", filename: "a b.pdf", contentType: "application/pdf", bytes: Array("%PDF-\u{0}\r\n".utf8)))
        #expect(form["none"] == nil)
    }

    @Test("a preamble, an empty part, padding after a boundary and no part at all are correct")
    func oddButCorrect() throws {
        #expect(try form("hello\n" + part("Content-Disposition: form-data; name=a", "")).parts == [.init(name: "a", bytes: [])])
        #expect(try form("--XyZ \t\nContent-Disposition: form-data; name=a\n\n1\n--XyZ--")["a"]?.text == "1")
        #expect(try form("--XyZ--").parts.isEmpty)
        let body = Array("--a b?\r\nContent-Disposition: form-data; name=\"\\\"q\\\"\"\r\n\r\n1\r\n--a b?--".utf8)
        #expect(try MultipartForm(parsing: body, contentType: "Multipart/Form-Data; boundary=\"a b?\"")["\"q\""]?.text == "1")
    }

    @Test("names beyond ASCII come as UTF-8 or in the extended form")
    func namesBeyondASCII() throws {
        let plain = try form(part("Content-Disposition: form-data; name=\"d\"; filename=\"Überweisung.pdf\""))
        #expect(plain["d"]?.filename == "Überweisung.pdf")
        let extended = try form(part("Content-Disposition: form-data; name=d; filename=u.pdf; filename*=utf-8''%C3%9Cber.pdf"))
        #expect(extended["d"]?.filename == "Über.pdf")
    }

    @Test(
        "broken bodies are refused",
        arguments: [
            "", "x", "--XyZ", "--XyZ\n", "--XyZ-", "--XyZx\n", "--XyZ\nContent-Disposition: form-data; name=a\n\nx", "--XyZ\n\nx\n--XyZ--",
            "--XyZ\nContent-Disposition: form-data; name=a\n\nx\n--XyZjunk\n", "--XyZ\nContent-Disposition: form-data; name=a\nx\n--XyZ--",
            "--XyZ\nContent-Disposition: form-data\n\nx\n--XyZ--", "--XyZ\nContent-Disposition: attachment; name=a\n\nx\n--XyZ--",
            "--XyZ\nContent-Disposition: form-data; name=\"a\n\nx\n--XyZ--",
            "--XyZ\nContent-Disposition: form-data; name=a\n folded: y\n\nx\n--XyZ--",
            "--XyZ\nContent-Disposition: form-data; name=a\nContent-Disposition: form-data; name=b\n\nx\n--XyZ--",
            "--XyZ\nContent-Disposition: form-data; name=a\nContent-Transfer-Encoding: base64\n\nx\n--XyZ--",
        ])
    func brokenBodies(text: String) { #expect(code(text) == "mime.malformed") }

    @Test("a line feed alone does not end a header's line")
    func lineFeedAlone() {
        for headers in ["X: 1\nContent-Disposition: form-data; name=a", "Content-Disposition: form-data; name=a\nX: 1"] {
            let body = Array("--XyZ\r\n\(headers)\r\n\r\nx\r\n--XyZ--".utf8)
            #expect(throws: MIMEError.self) { try MultipartForm(parsing: body, contentType: type) }
        }
    }

    @Test(
        "other content types and bad boundaries are refused",
        arguments: [
            "", "multipart/form-data", "multipart/mixed; boundary=XyZ", "multipart/form-data; boundary=",
            "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=\"XyZ", "text/plain", "multipart/form-data; boundary=" + String(repeating: "x", count: 71),
            "multipart/form-data; boundary=é", "multipart/form-data/x; boundary=XyZ",
        ])
    func contentTypes(type: String) {
        let error = #expect(throws: MIMEError.self) { try MultipartForm(parsing: Array("--XyZ--".utf8), contentType: type) }
        #expect(error?.code == "mime.content_type")
    }

    @Test("size, parts and headers are limited")
    func limits() throws {
        let one = "--XyZ\nContent-Disposition: form-data; name=a\n\nx\n"
        let three = one + one + one + "--XyZ--"
        #expect(try form(three, limits: MIMELimits(maxParts: 3)).parts.count == 3)
        #expect(code(three, limits: MIMELimits(maxParts: 2)) == "mime.too_many_parts")
        #expect(code(three, limits: MIMELimits(maxBytes: 10)) == "mime.too_large")
        #expect(code(part("X: \(String(repeating: "y", count: 9000))\nContent-Disposition: form-data; name=a")) == "mime.headers_too_large")
    }
}
