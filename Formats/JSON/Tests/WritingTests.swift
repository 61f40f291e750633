import JSON
import Testing

@Suite struct WritingTests {
    @Test("a value is written without white space and in order")
    func compact() {
        let value: JSON = ["b": 1, "a": [true, nil, "x", 1.5, -7], "e": [:], "f": []]
        #expect(value.text() == #"{"b":1,"a":[true,null,"x",1.5,-7],"e":{},"f":[]}"#)
    }

    @Test("pretty text puts one member a line")
    func pretty() {
        let value: JSON = ["a": [1, ["b": nil]], "c": [:], "d": []]
        #expect(
            value.pretty() == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": {},
                  "d": []
                }
                """)
    }

    @Test("every character survives, at every place in a run")
    func charactersSurvive() throws {
        for code in 0..<0x180 {
            for length in [0, 3, 7, 8, 9, 17] {
                let run = String(repeating: "-", count: length)
                let text = run + String(try #require(Unicode.Scalar(code))) + run
                let written = JSON.string(text).serialized()
                #expect(!written.contains { $0 < 0x20 })
                #expect(try JSON.parse(written) == .string(text))
            }
        }
        #expect(JSON.string("\u{1}\u{1F}\"\\\n\r\t\u{8}").text() == #""\u0001\u001f\"\\\n\r\t\u0008""#)
    }

    @Test("integers are written to the ends of 64 bits")
    func integers() {
        for value in [0, 9, 10, -10, 99, 100, Int64.max, Int64.min] { #expect(JSON.int(value).text() == "\(value)") }
    }

    @Test("a writer grows, puts commas and may be used again")
    func writer() throws {
        var writer = JSONWriter(capacity: 1)
        writer.beginObject()
        writer.key("id")
        writer.int(5)
        writer.key("tags")
        writer.beginArray()
        for index in 0..<500 {
            writer.element()
            writer.string("tag \(index)")
        }
        writer.endArray()
        writer.key("done")
        writer.bool(true)
        writer.endObject()
        let size = writer.count
        let bytes = writer.take()
        #expect(bytes.count == size)
        let value = try JSON.parse(bytes)
        #expect(value["id"] == 5)
        #expect(value["tags"]?.arrayValue?.count == 500)
        #expect(value["tags"]?[499] == "tag 499")
        #expect(value["done"] == true)
        writer.literal("null")
        #expect(writer.take() == Array("null".utf8))
    }
}
