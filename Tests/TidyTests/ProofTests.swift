import Testing

/// Each check finds a bad sample: a check that cannot fail would prove nothing.
@Suite struct ProofTests {
    private func swift(_ text: String, at path: String = "Sources/Kernel/Sample.swift") -> [ScannedFile] {
        [ScannedFile(TextFile(path, text))]
    }
    private let manifest = Manifest(
        """
        system("CYAML", pkgConfig: "yaml-0.1")
        system("COdd", pkgConfig: "odd")
        module("JSON", "Formats/JSON", [])
        module("HL7v2", "Formats/HL7v2", ["JSON", "Kernel"])
        module("Kernel", "Sources/Kernel", ["JSON", "Base"])
        let doorNeeds = ["Kernel", "StoreSQLite"]
        module("StoreSQLite", "Sources/StoreSQLite", ["Kernel"])
        module("Base", "Apps/Base", ["Kernel"])
        module(
            "RPCDoor", "Sources/Doors/RPC", doorNeeds + ["JSON"])
        """)

    @Test("a long file, a long median and a long tail are found")
    func longFiles() {
        let long = TextFile("Sources/A.swift", String(repeating: "x\n", count: 601))
        let just = TextFile("Sources/A.swift", String(repeating: "x\n", count: 119))
        #expect(Budgets.fileOffences([long]).map(\.what).map { $0.prefix(9) } == ["601 lines", "median 60", "95th perc"])
        #expect(Budgets.fileOffences([just]).isEmpty)
        #expect(Budgets.fileOffences([TextFile("Tests/A.swift", long.text)]).isEmpty)
    }

    @Test("a long function and a long median are found")
    func longFunctions() {
        let long = "func f() {\n" + String(repeating: "    g()\n", count: 69) + "}\n"
        #expect(
            Budgets.functionOffences(swift(long)).map(\.what) == [
                "function f has 71 lines; at most 70", "median 71 lines; must be under 10",
            ])
        #expect(Budgets.functionOffences(swift("func f() {\n    g()\n}\n")).isEmpty)
    }

    @Test("imports that go up, sideways, undeclared or to a driver are found")
    func badImports() {
        func what(_ path: String, _ name: String) -> [String] {
            Imports.offences(swift("public import struct \(name).X\n", at: path), manifest).map(\.what).filter { !$0.contains("circle") }
        }
        #expect(what("Sources/Kernel/A.swift", "Base") == ["imports Base, which stands above or beside it; imports go down the house"])
        #expect(what("Formats/HL7v2/A.swift", "Kernel") == ["imports Kernel; a format imports nothing of ours but JSON and XML"])
        #expect(what("Sources/Doors/RPC/A.swift", "Base") == ["imports Base, which Package.swift does not name for RPCDoor"])
        let driver = "imports StoreSQLite; only the command, Operations and TestKit name a driver"
        #expect(what("Sources/Doors/RPC/A.swift", "StoreSQLite") == [driver])
        #expect(what("Formats/HL7v2/A.swift", "JSON").isEmpty)
        #expect(what("Apps/Base/A.swift", "Foundation").isEmpty)
    }

    @Test("modules that need each other are found")
    func circles() {
        #expect(Imports.offences([], manifest).map(\.what) == ["Kernel needs itself in a circle", "Base needs itself in a circle"])
    }

    @Test("a public declaration without a doc comment is found")
    func undocumented() {
        let bad = "/// Said.\n@frozen\npublic struct A {\n    public let b: Int\n\n    /// Said.\n\n    public func c() {}\n}\n"
        #expect(Documentation.undocumented(swift(bad)).map(\.line) == [4, 8])
        #expect(Documentation.undocumented(swift("public import A\nopen = 3\nlet s = \"public let\" // public let\n")).isEmpty)
    }

    @Test("a member that keeps a documented promise and a field of a model need no comment, others do")
    func promisesAreDocumentedOnce() {
        let text = """
            /// Said.
            public protocol Titled: Named {
                /// Said.
                static var title: String { get }
            }
            /// Said.
            public struct Order: Model, Titled, Comparable {
                public static let title = "Order"
                public let partner = Many2one<Partner>("partner_id", "Vendor")
                public let number: Int
                public static func < (left: Order, right: Order) -> Bool { true }
                public func confirm() {}
            }
            extension Order {
                public static let other = 1
            }
            """
        #expect(Documentation.undocumented(swift(text)).map(\.line) == [10, 12, 15])
    }

    @Test("a link that leads nowhere is found, outside code only")
    func brokenLinks() {
        let text = "[a](b.md) [c](../x/d.md#e) [f](https://g) `[h](i)`\n```\n[j](k)\n```\n[l](#m)\n"
        let found = Documentation.brokenLinks([TextFile("docs/a.md", text)]) { $0 == "docs/b.md" }
        #expect(found.map(\.what) == ["link to ../x/d.md leads nowhere"])
    }

    @Test(
        "forbidden words and forced unwraps are found",
        arguments: [
            "print(1)", "    debugPrint(x)", "try! f()", "let a = b as! C", "f()!", "a[0]!.b", "name!", "\"x\"!", "f { $0 }!",
            "// FIX" + "ME later",
            "/* TO" + "DO */",
        ])
    func forbiddenWords(line: String) { #expect(Words.offences(swift("\n" + line)).map(\.line) == [2]) }

    @Test(
        "what only looks forbidden is let through",
        arguments: [
            "fingerprint(1)", "log.print(1)", "a != b", "!a", "(!a)", "\"print(1) a! b\"", "// print(x) a!", "case todo",
            "func print(_ a: Int) {}",
        ])
    func allowedWords(line: String) { #expect(Words.offences(swift(line)).isEmpty) }

    @Test("a path of one machine is found, a URL or a longer name is not")
    func machinePaths() {
        let bad = ["cd /wor" + "k/main", "\"/ho" + "me/me\"", "`/roo" + "t/x`"].joined(separator: "\n")
        #expect(Words.machinePaths([TextFile("a.md", bad)]).map(\.line).sorted() == [1, 2, 3])
        let good = ["docs/wor" + "k/a.md", "https://a.org/ho" + "me/", "/network/"].joined(separator: "\n")
        #expect(Words.machinePaths([TextFile("a.md", good)]).isEmpty)
    }

    @Test("a missing, an unknown and an unsorted package are found")
    func packages() {
        let list = TextFile("scripts/packages.txt", "make\ngit\n")
        #expect(Packages.missing(manifest, list: list) { _ in true }.count == 2)
        #expect(Packages.missing(manifest, list: TextFile("p", "libyaml-dev\n")) { $0 == "CYAML" }.isEmpty)
        #expect(Packages.unsorted(list).count == 1)
        #expect(Packages.unsorted(TextFile("p", "git\nmake\n")).isEmpty)
    }

    @Test("a make target that does not exist is found")
    func makeTargets() {
        let text = "Run `make nothing` or `make run`; we make sense.\n\n    make nowhere\n    make run PORT=80\n"
        let found = Documentation.unknownMakeTargets([TextFile("README.md", text)], makefile: "run: x\n\ttrue\n")
        #expect(found.map(\.line) == [1, 3])
    }

    @Test("a test without a sentence is found")
    func wordlessTests() {
        let bad =
            "@Test func a() {}\n@Test(\"word\") func b() {}\n@Test(arguments: [\"a b\"]) func c() {}\n@Test(\n    \"two words\") func d() {}\n"
        #expect(Documentation.wordlessTests(swift(bad, at: "Tests/A/B.swift")).map(\.line) == [1, 2, 3])
    }
}
