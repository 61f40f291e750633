import Base
import JSON
import Kernel
import Testing

/// One field of each type that Odoo has, properties aside, over each way of the API.
@Suite struct FieldTypeTests {
    struct Target: Model {
        static let name = "types.target"
        static let title = "Target"
        let label = Char("name", "Name", .required)
        let owner = Many2one<Holder>("holder_id")
    }

    struct Holder: Model {
        static let name = "types.holder"
        static let title = "Holder"
        let boolean = Flag("f_boolean")
        let integer = Integer("f_integer")
        let float = Float("f_float", .digits(8, 3))
        let currency = Many2one<Currency>("currency_id")
        let monetary = Monetary("f_monetary")
        let char = Char("f_char", .size(20), .translated)
        let text = Text("f_text")
        let html = Html("f_html")
        let raw = Html("f_raw", .unsanitised)
        let selection = Selection<Choice>("f_selection")
        let date = DateField("f_date")
        let datetime = Datetime("f_datetime")
        let binary = Binary("f_binary")
        let inline = Binary("f_inline", .inline)
        let image = Image("f_image")
        let link = Many2one<Target>("f_many2one")
        let lines = One2many<Target>("f_one2many", inverse: \.owner)
        let links = Many2many<Target>("f_many2many")
        let reference = Reference("f_reference")
        let resModel = Char("res_model")
        let resId = Many2oneReference("f_many2one_reference", modelField: "res_model")
        let json = Json("f_json")
        let serialized = Serialized("f_serialized")
        let sparse = Integer("f_sparse", .sparse("f_serialized"))
    }

    enum Choice: String, SelectionValue { case one, two }

    static let app = App("types", "Types", needs: ["base"]) { app in
        app.add(Target.self)
        app.add(Holder.self)
        app.allow("base.group_system", "rwcd", on: "types.target", "types.holder")
    }

    /// What is written, and what Odoo's API reads: dates as texts, links with names, nothing as false.
    private static let values: [(name: String, written: JSON, read: JSON)] = [
        ("f_boolean", true, true), ("f_integer", 7, 7), ("f_float", 2.0005, 2.001), ("f_monetary", 12.5, 12.5), ("f_char", "Zoë", "Zoë"),
        ("f_text", "a\nb", "a\nb"), ("f_html", "<p onclick=\"x\">a</p><script>b</script>", "<p>a</p>"),
        ("f_raw", "<p onclick=\"x\">a</p>", "<p onclick=\"x\">a</p>"), ("f_selection", "two", "two"),
        ("f_date", "2026-03-01", "2026-03-01"),
        ("f_datetime", "2026-03-01 09:30:00", "2026-03-01 09:30:00"), ("f_binary", "AAEC", "AAEC"), ("f_inline", "/w==", "/w=="),
        ("f_image", "R0lGODlhAQ==", "R0lGODlhAQ=="), ("f_many2one", 1, [1, "First"]), ("f_many2many", [[6, 0, [1]]], [1]),
        ("f_one2many", [[0, 0, ["name": "Line"]]], [2]), ("f_reference", "types.target,1", "types.target,1"),
        ("res_model", "types.target", "types.target"),
        ("f_many2one_reference", 1, 1), ("f_json", ["a": [1, nil, "x"]], ["a": [1, nil, "x"]]), ("f_sparse", 5, 5),
    ]

    @Test("every type of field is described, written, read, and not set, as Odoo's API does")
    func everyType() async throws {
        try await RPCWorld.serve(apps: [FieldTypeTests.app]) { (world: RPCWorld) async throws in
            let types = try await world.result("types.holder", "fields_get", [[], ["type"]])
            for (name, _, _) in FieldTypeTests.values
            where name.hasPrefix("f_") && !["f_raw", "f_inline", "f_image", "f_sparse"].contains(name) {
                #expect(types[name]?["type"]?.stringValue == String(name.dropFirst(2)), "\(name)")
            }
            #expect(types["f_image"]?["type"] == "binary" && types["f_serialized"]?["type"] == "serialized")
            _ = try await world.result("types.target", "create", [["name": "First"]])
            let values = JSON.object(JSONObject(FieldTypeTests.values.map { JSONObject.Member(key: $0.name, value: $0.written) }))
            let id = try await world.result("types.holder", "create", [values])
            let row = try await world.result("types.holder", "read", [[id]])[0]
            for (name, _, read) in FieldTypeTests.values { #expect(row?[name] == read, "\(name) is \(row?[name]?.text() ?? "missing")") }
            let cleared = JSON.object(
                JSONObject(
                    FieldTypeTests.values.filter { $0.name != "f_one2many" && $0.name != "f_many2many" }.map {
                        JSONObject.Member(key: $0.name, value: false)
                    }))
            #expect(try await world.result("types.holder", "write", [[id], cleared]) == true)
            let blank = try await world.result("types.holder", "read", [[id]])[0]
            for (name, written, _) in FieldTypeTests.values where written != true && !name.hasSuffix("2many") {
                let isNumber = ["f_integer", "f_float", "f_monetary", "f_sparse"].contains(name)
                let found = blank?[name] ?? .null
                #expect((isNumber ? ["0", "0.0"] : ["false"]).contains(found.text()), "\(name)")
            }
        }
    }

    @Test("values that do not fit a type are refused with the field's name and what is expected")
    func refusals() async throws {
        try await RPCWorld.serve(apps: [FieldTypeTests.app]) { (world: RPCWorld) async throws in
            let bad: [(String, JSON)] = [
                ("f_integer", "x"), ("f_float", "x"), ("f_monetary", "x"), ("f_char", "more than twenty letters"), ("f_selection", "three"),
                ("f_date", "x"), ("f_datetime", "x"), ("f_binary", "%"), ("f_image", "AAEC"), ("f_reference", "x"),
                ("f_reference", "no.model,1"),
                ("f_many2one", "x"), ("f_sparse", "x"), ("f_inline", .string(String(repeating: "A", count: 1_500_000))),
            ]
            for (name, value) in bad {
                let message = try await world.error("types.holder", "create", [[name: value]])[1]
                #expect(message.contains(name), "\(name): \(message)")
            }
            let search = try await world.result("types.holder", "search", [[["f_float", "=", 1]]])
            #expect(search == [])
        }
    }
}
