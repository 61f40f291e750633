import Testing

@testable import Kernel

@Suite("Domains as text") struct DomainTextTests {
    private let names = DomainNames(
        user: UserContext(
            id: 7, login: "ada", name: "Ada", partnerId: 70, companyId: 3, companyIds: [3, 4], groups: [], groupIds: [9, 8]),
        companyIds: [4], now: Instant(Day(2026, 3, 2), secondOfDay: 82_800), zoneSeconds: 7_200)

    private func value(_ text: String) throws -> Value { try DomainText(text).domain(names).value }

    @Test("Python literals are read")
    func literals() throws {
        #expect(try value("[]") == [])
        #expect(try value("  ") == [])
        #expect(try value("[('a', '=', 'x')]") == [["a", "=", "x"]])
        #expect(try value("[(\"a\", '=', -1), ['b', '=', 2.5],]") == ["&", ["a", "=", -1], ["b", "=", 2.5]])
        #expect(try value("[('a','in',(1,2,)), ('b','=',True)]") == ["&", ["a", "in", [1, 2]], ["b", "=", true]])
        #expect(try value("[('a','=',None), ('b','=',False)]") == ["&", ["a", "=", nil], ["b", "=", false]])
        #expect(try value("['|', ('a','=','it\\'s\\n'), ('b','=','\\u00e9\\x41')]") == ["|", ["a", "=", "it's\n"], ["b", "=", "éA"]])
        #expect(try value("[('a','=',1e3)]") == [["a", "=", 1000.0]])
        #expect(try value("[('a', '=', (5))]") == [["a", "=", 5]])
    }

    @Test("names stand for the user, the companies and the moment")
    func paths() throws {
        #expect(try value("[('a','=',uid)]") == [["a", "=", 7]])
        #expect(try value("[('a','=',user.id)]") == [["a", "=", 7]])
        #expect(try value("[('a','=',user.partner_id.id)]") == [["a", "=", 70]])
        #expect(try value("[('a','=',user.company_id.id)]") == [["a", "=", 3]])
        #expect(try value("[('a','=',company_id)]") == [["a", "=", 4]])
        #expect(try value("[('a','in',company_ids)]") == [["a", "in", .ids([4])]])
        #expect(try value("[('a','in',user.company_ids.ids)]") == [["a", "in", .ids([3, 4])]])
        #expect(try value("[('a','in',company_ids + [False])]") == [["a", "in", [4, false]]])
        #expect(try value("[('a','in',[False] + user.group_ids.ids + [1])]") == [["a", "in", [false, 8, 9, 1]]])
        #expect(try value("[('a','<',time.strftime('%Y-%m-%d %H:%M'))]") == [["a", "<", "2026-03-03 01:00"]])
    }

    @Test("a further name can be added")
    func added() throws {
        let domain = try DomainText("[('a','=',active_id)]").domain(names.adding("active_id", 12))
        #expect(domain == .where("a", .equal, 12))
    }

    @Test("the names that a text uses are known")
    func used() {
        #expect(
            DomainText("[('a','=',user.id), ('b','in',company_ids + [uid]), ('c','=',user.id)]").names == ["user.id", "company_ids", "uid"])
    }

    @Test(
        "what is no literal refuses whoever uses it",
        arguments: [
            "[", "[('a','=','x')", "[('a','=','x)]", "[('a' '=' 1)]", "[(,)]", "__import__('os')", "[('a','=',1)] + ", "[('a','=',1)] x",
            "[('a','=',user..id)]", "[('a','=',1.2.3)]", "[('a','=',lambda)]()", "[('a','=',time.time())]", "{'a': 1}", "[('a','=',\\u0)]",
            "[('a','=','\\u00g0')]", "-'x'",
        ])
    func broken(_ text: String) {
        #expect(refusal { _ = try DomainText(text).domain(names) }?.code.hasPrefix("domain.") == true)
    }

    @Test("an unknown name is named")
    func unknown() {
        let found = refusal { _ = try DomainText("[('a','=',user.shoe_size)]").domain(names) }
        #expect(found?.code == "domain.unknown_name")
        #expect(found?.message.contains("user.shoe_size") == true)
    }

    @Test("brackets, sums and length have limits")
    func limits() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(DomainText(deep).problem?.code == "domain.text")
        #expect(DomainText(String(repeating: "-", count: 100_000) + "1").problem?.code == "domain.text")
        #expect(DomainText("[]" + String(repeating: "+[]", count: 60_000)).problem?.code == "domain.text")
        #expect(DomainText(String(repeating: " ", count: DomainText.textLimit + 1)).problem?.code == "domain.limit")
    }
}
