import FHIR
import Foundation
import JSON
import Testing

@Suite struct BundleTests {
    private let base = "https://example.org/fhir"

    @Test("a page of search results tells its total, links and modes and keeps to the definitions")
    func searchset() throws {
        let match = try #require(FHIRResource(try Fixtures.json(Fixtures.request)))
        let included = try #require(FHIRResource(try Fixtures.json(Fixtures.patient)))
        let page = FHIRBundle.searchset(
            base: base, matches: [match], included: [included],
            outcome: FHIROutcome(.notSupported, "`colour` was not searched for.", severity: .warning),
            total: 12, links: [("self", base + "/ServiceRequest?_count=1"), ("next", base + "/ServiceRequest?_count=1&page=2")])
        #expect(page.problems() == [])
        #expect(page.int("total") == 12 && page.strings("link.relation") == ["self", "next"])
        #expect(page.strings("entry.search.mode") == ["match", "include", "outcome"])
        #expect(page.strings("entry.fullUrl") == [base + "/ServiceRequest/s1", base + "/Patient/p-1"])
    }

    @Test("an empty page has no entries and no empty arrays")
    func empty() {
        let page = FHIRBundle.searchset(base: base, matches: [], total: 0, links: [])
        #expect(page.json == ["resourceType": "Bundle", "type": "searchset", "total": 0])
        #expect(page.problems() == [])
    }

    @Test("answers to a transaction and versions of a history keep to the definitions")
    func responses() throws {
        let now = try #require(FHIRDateTime("2026-11-20T10:30:00Z"))
        let task = try #require(FHIRResource(try Fixtures.json(Fixtures.task)))
        let answers = [
            FHIRBundle.responseEntry(
                status: "201 Created", location: "Task/t1/_history/1", version: "1", lastModified: now, resource: task),
            FHIRBundle.responseEntry(
                status: "400 Bad Request", outcome: FHIROutcome(.required, "`status` is required.", at: "Task.status")),
        ]
        let response = FHIRBundle.transactionResponse(answers)
        #expect(response.problems() == [])
        #expect(response.string("entry.0.response.etag") == "W/\"1\"")
        #expect(FHIRBundle.batchResponse(answers).problems() == [])
        let history = FHIRBundle.history(
            [
                FHIRBundle.versionEntry(
                    base: base, reference: "Task/t1", resource: nil, method: "DELETE", status: "204 No Content", version: "2",
                    lastModified: now),
                FHIRBundle.versionEntry(
                    base: base, reference: "Task/t1", resource: task, method: "POST", status: "201 Created", version: "1", lastModified: now
                ),
            ], total: 2, links: [])
        #expect(history.problems() == [])
        #expect(history.strings("entry.request.url") == ["Task/t1", "Task"])
    }

    @Test("the entries of a transaction tell what is asked")
    func entries() throws {
        let entries = try #require(FHIRResource(try Fixtures.json(Fixtures.transaction))).entries
        #expect(entries.map(\.method) == ["PUT", "POST"] && entries.map(\.url) == ["Task/t1", "Parameters"])
        #expect(entries[0].resource?.type == "Task" && entries[0].ifMatch == "W/\"1\"" && entries[1].ifNoneExist == "identifier=1")
        #expect(FHIRResource(type: "Patient", ["entry": [[:]]]).entries == [])
    }

    @Test("a Bundle holds only what its type allows")
    func rules() throws {
        #expect(Fixtures.faults(try Fixtures.json(Fixtures.transaction, "total", 1)) == ["invariant Bundle.total"])
        #expect(
            Fixtures.faults(try Fixtures.json(Fixtures.transaction, "type", "searchset"))
                == ["invariant Bundle.entry[0]", "invariant Bundle.entry[1]"])
        let broken = try Fixtures.json(Fixtures.transaction.replacingOccurrences(of: "\"requested\"", with: "\"unheard\""))
        #expect(Fixtures.faults(broken) == ["code-invalid Bundle.entry[0].resource.status"])
    }

    @Test("contained resources contain none themselves and carry no version")
    func contained() throws {
        let inner: JSON = [
            "resourceType": "Patient", "id": "a", "meta": ["versionId": "1"], "contained": [["resourceType": "Patient", "id": "b"]],
        ]
        #expect(
            Fixtures.faults(try Fixtures.json(Fixtures.request, "contained", [inner]))
                == ["invariant ServiceRequest.contained[0].contained", "invariant ServiceRequest.contained[0].meta"])
        let wrong: JSON = [["resourceType": "Task", "id": "a", "status": "draft", "intent": "order"]]
        let json = try Fixtures.json(Fixtures.request.replacingOccurrences(of: "Patient/p-1", with: "#a"), "contained", wrong)
        #expect(Fixtures.faults(json) == ["value ServiceRequest.subject.reference"])
    }

    @Test("an OperationOutcome reports each problem and keeps to the definitions")
    func outcome() {
        let outcome = FHIROutcome([
            FHIRProblem(.required, "`subject` is missing.", at: "ServiceRequest.subject"),
            FHIRProblem(.tooLong, "Long.", severity: .warning),
        ])
        #expect(outcome.hasErrors && outcome.resource.problems() == [])
        #expect(outcome.resource.strings("issue.code") == ["required", "too-long"])
        #expect(outcome.resource.strings("issue.expression") == ["ServiceRequest.subject"])
        #expect(FHIROutcome([]).resource.problems() == [] && !FHIROutcome([]).hasErrors)
        for code in FHIRIssueType.allCases { #expect(FHIROutcome(code, "x").resource.problems() == []) }
    }
}
