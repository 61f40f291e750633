import FHIR
import JSON

/// Resources written for these tests: invented people, invented numbers.
enum Fixtures {
    static let patient = """
        {"resourceType":"Patient","id":"p-1","meta":{"versionId":"3","lastUpdated":"2026-11-20T08:15:30.250+01:00"},
        "text":{"status":"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\"><p>Ada &amp; co<br/></p></div>"},
        "extension":[{"url":"https://example.org/shoe","valueDecimal":42.50}],
        "identifier":[{"use":"official","system":"https://example.org/mrn","value":"0012"}],"active":true,
        "name":[{"use":"official","family":"Quill","given":["Ada",null],"_given":[null,{"extension":[{"url":"https://example.org/x","valueCode":"y"}]}]}],
        "telecom":[{"system":"phone","value":"+44 20 7946 0000","rank":1}],"gender":"female","birthDate":"1980-02",
        "_birthDate":{"extension":[{"url":"https://example.org/time","valueDateTime":"1980-02-03T04:05:06Z"}]},
        "deceasedBoolean":false,"generalPractitioner":[{"reference":"#gp"}],
        "contained":[{"resourceType":"Practitioner","id":"gp","name":[{"text":"Dr Vole"}]}]}
        """

    static let request = """
        {"resourceType":"ServiceRequest","id":"s1","status":"active","intent":"order","priority":"urgent",
        "code":{"coding":[{"system":"http://snomed.info/sct","code":"183519002","display":"Referral to cardiology"}]},
        "quantityQuantity":{"value":1.50,"unit":"visits"},"subject":{"reference":"Patient/p-1","display":"Ada Quill"},
        "occurrencePeriod":{"start":"2026-12-01","end":"2026-12-24"},"authoredOn":"2026-11-20T10:30:00Z",
        "requester":{"reference":"https://example.org/fhir/Practitioner/7/_history/2"},
        "reasonCode":[{"text":"Palpitations"}],"note":[{"authorString":"Desk","text":"Call first."}]}
        """

    static let task = """
        {"resourceType":"Task","id":"t1","status":"requested","intent":"order","focus":{"reference":"ServiceRequest/s1"},
        "for":{"reference":"Patient/p-1"},"restriction":{"repetitions":1,"period":{"end":"2026-12-24"}},
        "input":[{"type":{"text":"age"},"valueAge":{"value":46,"unit":"years","system":"http://unitsofmeasure.org","code":"a"}}]}
        """

    static let allergy = """
        {"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/p-1"},"clinicalStatus":{"coding":[
        {"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]}}
        """

    static let transaction = """
        {"resourceType":"Bundle","type":"transaction","entry":[
        {"fullUrl":"urn:uuid:3fdc72f4-a11d-4a9d-9260-a9f745779e1d","resource":\(task),"request":{"method":"PUT","url":"Task/t1","ifMatch":"W/\\"1\\""}},
        {"resource":{"resourceType":"Parameters","parameter":[{"name":"a","part":[{"name":"b","valueInteger":-3}]}]},
        "request":{"method":"POST","url":"Parameters","ifNoneExist":"identifier=1"}}]}
        """

    static let questionnaire = """
        {"resourceType":"QuestionnaireResponse","status":"completed","item":[{"linkId":"1","item":[{"linkId":"1.1",
        "answer":[{"valueString":"No","item":[{"linkId":"1.1.1","text":"Why?"}]}]}]}]}
        """

    static let all = [patient, request, task, allergy, transaction, questionnaire]

    static func json(_ text: String) throws -> JSON { try JSON.parse(text, numbers: .literal) }

    /// A fixture with one top-level member set, or removed.
    static func json(_ text: String, _ member: String, _ value: JSON?) throws -> JSON {
        guard case .object(var object) = try json(text) else { return .null }
        object[member] = value
        return .object(object)
    }

    /// The problems of a text, each as `code location`.
    static func faults(_ json: JSON) -> [String] {
        FHIRValidator.shared.check(json).filter(\.isError).map { "\($0.code.rawValue) \($0.location)" }
    }
}
