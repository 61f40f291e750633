import Testing

@testable import Kernel

@Suite("Domains as prefix lists") struct DomainParsingTests {
    @Test("conditions without an operator between them are joined by and")
    func implicitAnd() throws {
        let domain = try Domain.parse([["a", "=", 1], ["b", "=", 2]])
        #expect(domain == .and([.where("a", .equal, 1), .where("b", .equal, 2)]))
    }

    @Test("prefix operators bind what follows them")
    func prefix() throws {
        let domain = try Domain.parse(["|", ["a", "=", 1], "!", ["b", "=", 2], ["c", "=", 3]])
        #expect(domain == .and([.or([.where("a", .equal, 1), .not(.where("b", .equal, 2))]), .where("c", .equal, 3)]))
    }

    @Test("the leaves for everything and nothing vanish into their surroundings")
    func leaves() throws {
        #expect(try Domain.parse([]) == .all)
        #expect(try Domain.parse([[1, "=", 1]]) == .all)
        #expect(try Domain.parse(["&", [0, "=", 1], ["a", "=", 1]]) == .none)
        #expect(try Domain.parse(["|", [0, "=", 1], ["a", "=", 1]]) == .where("a", .equal, 1))
        #expect(try Domain.parse(["!", [0, "=", 1]]) == .all)
    }

    @Test("old spellings of operators are understood")
    func spellings() throws {
        #expect(try Domain.parse([["a", "<>", 1]]) == .where("a", .notEqual, 1))
        #expect(try Domain.parse([["a", "==", 1]]) == .where("a", .equal, 1))
        #expect(try Domain.parse([["a", "ILIKE", "x"]]) == .where("a", .ilike, "x"))
    }

    @Test("a sub-domain is read too")
    func subdomain() throws {
        let domain = try Domain.parse([["a.b", "not any", ["|", ["c", "=", 1], ["d", "=", 2]]]])
        #expect(domain == .related("a.b", .or([.where("c", .equal, 1), .where("d", .equal, 2)]), negated: true))
    }

    @Test(
        "a domain comes back as the list that it was",
        arguments: [
            [], [[0, "=", 1]], ["&", ["a", "=", 1], ["b", "=", 2]], ["|", "|", ["a", "=", 1], ["b", "=", 2], ["c", "in", [1, 2]]],
            ["!", ["a", "ilike", "x"]],
            ["&", ["a", "any", ["|", ["b", "=", nil], ["c", "=", false]]], "!", "|", ["d", ">", 1.5], ["e", "=?", 0]],
        ] as [Value])
    func roundTrip(_ list: Value) throws {
        #expect(try Domain.parse(list).value == list)
    }

    @Test("errors speak as Odoo does")
    func errors() {
        #expect(message([["name", "~", "x"]]) == "Invalid operator in condition ('name', '~', 'x')")
        #expect(message(["|", ["a", "=", 1]])?.hasPrefix("Domain() malformed domain ['|', ['a', '=', 1]]") == true)
        #expect(message(["a", "=", "b"]) == "Domain() invalid item in domain: 'b'")
        #expect(message([["a", "any!", []]]) == "Invalid operator in condition ('a', 'any!', [])")
        #expect(message("nonsense") == "Domain() malformed domain 'nonsense'")
    }

    private func message(_ value: Value) -> String? { refusal { _ = try Domain.parse(value) }?.message }

    @Test("nesting has a limit, and a long flat list of ors is not nested")
    func depth() throws {
        var nested: Value = [["a", "=", 1]]
        for _ in 0..<Domain.Limits.depth { nested = [["a", "any", nested]] }
        _ = try Domain.parse(nested)
        #expect(refusal { _ = try Domain.parse([["a", "any", nested]]) }?.code == "domain.limit")
        var alternating: [Value] = []
        for index in 0..<40 { alternating += [index % 2 == 0 ? "&" : "|", ["a", "=", .int(index)]] }
        #expect(refusal { _ = try Domain.parse(.list(alternating + [["z", "=", 1]])) }?.code == "domain.limit")
        let flat = Array(repeating: Value.text("|"), count: 499) + (0..<500).map { ["a", "=", .int($0)] }
        #expect(try Domain.parse(.list(flat)).value == .list(flat))
    }

    @Test("conditions and values have limits")
    func sizes() throws {
        let conditions = (0...Domain.Limits.conditions).map { Value.list(["a", "=", .int($0)]) }
        #expect(refusal { _ = try Domain.parse(.list(conditions)) }?.code == "domain.limit")
        _ = try Domain.parse(.list(Array(conditions.dropLast())))
        let ids = Value.ids(Array(0...Domain.Limits.values))
        #expect(refusal { _ = try Domain.parse([["id", "in", ids]]) }?.code == "domain.limit")
    }

    @Test("a domain knows which fields of its own model it speaks of")
    func mentions() throws {
        let domain = try Domain.parse(["|", ["active", "=", true], "!", ["partner_id.active", "any", [["name", "=", "x"]]]])
        #expect(domain.mentions("active"))
        #expect(domain.mentions("partner_id"))
        #expect(!domain.mentions("name"))
        #expect(!domain.mentions("partner"))
    }
}
