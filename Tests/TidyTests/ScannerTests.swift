import Testing

/// The scanner tells code from strings and comments; the finder measures functions.
@Suite struct ScannerTests {
    private func code(_ text: String) -> String { String(decoding: SwiftScanner(text).code, as: UTF8.self) }
    private func comments(_ text: String) -> String { String(decoding: SwiftScanner(text).comments, as: UTF8.self) }

    @Test("strings and comments are blank, their quotes and line breaks stay")
    func blanksStringsAndComments() {
        #expect(code("let a = \"{x}\" // {\nb") == "let a = \"   \"     \nb")
        #expect(comments("a // b") == "  // b")
        #expect(code("a /* x /* y */ { */ b") == "a                   b")
    }

    @Test("an interpolation is code, also in a raw string")
    func interpolationIsCode() {
        #expect(code(#"f("x \(y + "z") w") { }"#) == #"f("   (y + " ")  ") { }"#)
        #expect(code("#\"a \\(no) \\#(yes) \"b\" \"# }").contains("(yes)"))
        #expect(!code("#\"a \\(no) \\#(yes) \"b\" \"# }").contains("no"))
        #expect(code("#\"a \\(no) \\#(yes) \"b\" \"# }").hasSuffix("}"))
    }

    @Test("a long string ends at three quotes only")
    func longStrings() {
        let text = "let a = \"\"\"\n  { \"quoted\" } \\\"\"\"\n  \"\"\"\nfunc f() { }"
        #expect(!code(text).contains("quoted"))
        #expect(FunctionFinder(ScannedFile(TextFile("a.swift", text))).functions() == [FoundFunction(name: "f", line: 4, length: 1)])
    }

    @Test("functions are measured from their first word to their closing brace")
    func measuresFunctions() {
        let text = """
            protocol P {
                func asked() throws -> Int
                init(a: Int)
                subscript(i: Int) -> Int { get }
                var v: Int { get }
            }
            struct S {
                init(
                    a: Int = { 3 }()
                ) {
                    self.init()
                    let b = S.init(a: 1)
                }
                func outer() {
                    func inner() { }
                    if true { print("}") }
                }
            }
            """
        let found = FunctionFinder(ScannedFile(TextFile("a.swift", text))).functions()
        #expect(found.map(\.name) == ["subscript", "init", "outer", "inner"])
        #expect(found.map(\.length) == [1, 6, 4, 1])
        #expect(found.map(\.line) == [4, 8, 14, 15])
    }
}
