import JSON
import Testing

@Suite struct ObjectTests {
    @Test("setting a member replaces it in place, appends it or removes it")
    func setting() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = 3
        object["c"] = nil
        object["d"] = 4
        object["b"] = nil
        #expect(object.keys == ["a", "d"])
        #expect(object["a"] == 3)
        object["d"] = .null
        #expect(object["d"] == .some(.null))
    }

    @Test("after setting a key that stood twice no older value is left")
    func settingDuplicates() {
        var object = JSONObject([.init(key: "a", value: 1), .init(key: "b", value: 2), .init(key: "a", value: 3)])
        #expect(object["a"] == 3)
        object["a"] = 4
        #expect(object.members == [.init(key: "b", value: 2), .init(key: "a", value: 4)])
        object["a"] = nil
        #expect(object.keys == ["b"])
    }

    @Test("accessors answer for their own kind only")
    func accessors() {
        let value: JSON = ["s": "x", "i": 5, "d": 1.5, "b": true, "n": nil, "a": [1]]
        #expect(value["s"]?.stringValue == "x")
        #expect(value["i"]?.intValue == 5)
        #expect(value["i"]?.doubleValue == 5)
        #expect(value["d"]?.intValue == nil)
        #expect(value["b"]?.boolValue == true)
        #expect(value["n"]?.isNull == true)
        #expect(value["a"]?[0] == 1)
        #expect(value["a"]?[1] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["zz"] == nil)
        #expect(value["s"]?["x"] == nil)
        #expect(value["s"]?.boolValue == nil)
        #expect(value.objectValue?.count == 6)
    }
}
