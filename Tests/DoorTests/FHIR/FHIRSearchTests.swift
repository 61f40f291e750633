import Foundation
import JSON
import Testing

@Suite("FHIR: searching") struct FHIRSearchTests {
    @Test("patients are found by name, number, birth date, phone and sex, and not by what only resembles them")
    func patients() async throws {
        try await FHIRWorld.serve { fhir in
            let ines = try await fhir.make(Sample.patient("S1", family: "Zürn", given: "Ines", born: "1970-01-01")).id
            let jonas = try await fhir.make(Sample.patient("S2", family: "Zürn", given: "Jonas", born: "1971-06-30")).id
            let kofi = try await fhir.make(Sample.patient("S3", family: "Az_u", given: "Kofi Zürn", born: "1971-07-01")).id
            let cases: [(String, [String])] = [
                ("family=z%C3%BCrn", [ines, jonas]), ("family:exact=Z%C3%BCrn", [ines, jonas]), ("family=%25", []), ("family=Az_", [kofi]),
                ("given=jon", [jonas]), ("name=Z%C3%BCrn", [ines, jonas, kofi]), ("given:contains=of", [kofi]),
                ("identifier=https://north.example/mrn%7CS2", [jonas]), ("identifier=S2", [jonas]), ("identifier=urn:x%7CS2", []),
                ("identifier=S1,S3", [ines, kofi]), ("birthdate=1970-01-01", [ines]), ("birthdate=1971", [jonas, kofi]),
                ("birthdate=ge1971-07", [kofi]), ("birthdate=gt1970-01-01&birthdate=lt1971-07-01", [jonas]),
                ("birthdate=ne1970", [jonas, kofi]),
                ("gender=female", [ines, jonas, kofi]), ("gender:not=female", []), ("phone=%2B15550100", [ines, jonas, kofi]),
                ("email:missing=true", [ines, jonas, kofi]), ("_id=\(jonas)", [jonas]), ("_id=none", []),
                ("_lastUpdated=ge2026", [ines, jonas, kofi]),
                ("_lastUpdated=lt2026", []), ("active=true&given=ines", [ines]),
            ]
            for (query, wanted) in cases {
                let answer = try await fhir.send("GET", "/Patient?" + query)
                #expect(answer.ids == wanted, "\(query) \(answer.diagnostics)")
            }
            let posted = try await fhir.send(
                "POST", "/Patient/_search", raw: "family=Z%C3%BCrn&_sort=-birthdate", type: "application/x-www-form-urlencoded")
            #expect(posted.ids == [jonas, ines])
        }
    }

    @Test("pages follow each other without gap or repetition")
    func paging() async throws {
        try await FHIRWorld.serve { fhir in
            var made: [String] = []
            for number in 0..<5 { made.append(try await fhir.make(Sample.patient("P\(number)")).id) }
            var found: [String] = []
            var path: String? = "/Patient?family=Haddad&_count=2"
            var pages = 0
            while let next = path, pages < 10 {
                pages += 1
                let page = try await fhir.send("GET", next)
                #expect(page.total == 5)
                found += page.ids
                let links = page.json["link"]?.arrayValue ?? []
                let url = links.first { $0["relation"] == "next" }?["url"]?.stringValue
                path = url.flatMap { $0.range(of: "/fhir").map { range in String(url![range.upperBound...]) } }
            }
            #expect(pages == 3)
            #expect(found == made)
            #expect(try await fhir.send("GET", "/Patient?_summary=count").total == 5)
            #expect(try await fhir.send("GET", "/Patient?_count=0").ids == [])
        }
    }

    @Test("an unknown parameter, modifier or value is refused, or reported when leniency is asked for")
    func unknownParameters() async throws {
        try await FHIRWorld.serve { fhir in
            _ = try await fhir.make(Sample.patient("U1"))
            for query in [
                "favourite-colour=blue", "family:sounds-like=x", "birthdate=yesterday", "_sort=shoe", "_include=Patient:x", "_count=-1",
            ] {
                let refused = try await fhir.send("GET", "/Patient?" + query)
                #expect(refused.status == 400, "\(query)")
            }
            let refused = try await fhir.send("GET", "/Patient?favourite-colour=blue", headers: ["Prefer": "handling=strict"])
            #expect(refused.diagnostics.contains("favourite-colour"))
            let lenient = try await fhir.send("GET", "/Patient?favourite-colour=blue", headers: ["Prefer": "handling=lenient"])
            #expect(lenient.status == 200)
            #expect(lenient.total == 1)
            #expect(lenient.json["entry"]?[1]?.fhirValue("search.mode") == "outcome")
            #expect(lenient.json.fhirValue("link.0.url")?.stringValue?.contains("colour") == false)
        }
    }

    @Test("_include brings along what is referred to, once; chains look through references")
    func includes() async throws {
        try await FHIRWorld.serve { fhir in
            let patient = try await fhir.make(Sample.patient("I1"), as: "gp")
            for number in 0..<2 { _ = try await fhir.make(Sample.request("Patient/\(patient.id)", number: "I\(number)"), as: "gp") }
            let answer = try await fhir.send(
                "GET", "/ServiceRequest?patient=\(patient.id)&_include=ServiceRequest:patient&_include=ServiceRequest:requester", as: "gp")
            #expect(answer.total == 2)
            let modes = answer.json.fhirValues("entry").map {
                "\($0["resource"]?["resourceType"]?.stringValue ?? "") \($0.fhirValue("search.mode")?.stringValue ?? "")"
            }
            #expect(modes == ["ServiceRequest match", "ServiceRequest match", "Patient include", "Practitioner include"])
            let chained = try await fhir.send("GET", "/ServiceRequest?patient.identifier=https://north.example/mrn%7CI1", as: "gp")
            #expect(chained.total == 2)
            #expect(try await fhir.send("GET", "/ServiceRequest?subject:Patient.family=Nobody", as: "gp").total == 0)
            let cases = [
                ("status=active", 2), ("status=completed", 0), ("priority=urgent", 2), ("priority=routine", 0),
                ("requester:identifier=1234567893", 2),
                ("authored=ge2026-03-01", 2), ("specialty=CARD", 2), ("specialty=DERM", 0),
                ("identifier=https://north.example/referrals%7CI1", 1),
                ("identifier=I0", 1), ("identifier=https://south.example%7CI1", 0),
            ]
            for (query, total) in cases {
                #expect(try await fhir.send("GET", "/ServiceRequest?" + query, as: "gp").total == total, "\(query)")
            }
        }
    }

    @Test("what the demo holds comes out as valid FHIR, type by type")
    func demo() async throws {
        try await FHIRWorld.serve(demo: true) { fhir in
            for type in [
                "Patient", "Practitioner", "PractitionerRole", "Organization", "Coverage", "ServiceRequest", "Task", "DocumentReference",
                "Appointment",
            ] {
                let page = try await fhir.send("GET", "/\(type)?_count=200", as: "manager", headers: FHIRWorld.demo("manager"))
                #expect(page.status == 200, "\(type) \(page.diagnostics)")
                #expect(page.total > 0, "\(type)")
            }
        }
    }
}

extension FHIRWorld {
    /// The credentials of a user of the demo.
    static func demo(_ login: String) -> [String: String] {
        ["Authorization": "Basic " + Data("\(login):demo-demo".utf8).base64EncodedString()]
    }
}
