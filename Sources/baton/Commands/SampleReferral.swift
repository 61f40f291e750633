import JSON
import Operations

/// A referral from a practice to a cardiology clinic, in three notations.
struct SampleReferral {
    /// Makes the identifiers of this referral differ from those of another.
    let number: Int

    private var mark: String { String(repeating: "0", count: max(0, 6 - String(number).count)) + String(number) }

    /// REF^I12 of HL7 2.5.1, segments ending in CR.
    var hl7: String {
        [
            "MSH|^~\\&|LAKESIDE|LAKESIDE FP|BATON|HARBOUR|20261120093000||REF^I12^REF_I12|SAMPLE\(mark)|P|2.5.1",
            "RF1|P^Pending^HL70280|R^Routine^HL70280|CAR^Cardiology^L|||REF\(mark)|20261120",
            "PRD|RP^Referring provider^HL70286|Moreau^Ines^^^Dr|12 Shore Street^^Lakeside^IL^60045|^^^LAKESIDE|||1234567893^NPI",
            "PRD|RT^Referred to provider^HL70286|Cardiology Clinic",
            "PID|1||MRN\(mark)^^^LAKESIDE^MR||Example^Amara||19700214|F|||4 Elm Road^^Lakeside^IL^60045||+15550100",
            "IN1|1|PPO|ACME^^^ACME|Acme Health|||||GRP1|||||||||||||||||||||||||||POL\(mark)",
            "DG1|1||I20.9^Angina pectoris, unspecified^I10||20261118|W",
            "NTE|1||Chest pain on effort for three weeks",
        ].map { $0 + "\r" }.joined()
    }

    /// A transaction that makes the patient, if there is none with this number, and the order.
    var fhir: JSON {
        let patientURL = "urn:uuid:00000000-0000-4000-8000-000000\(mark)"
        let patient: JSON = [
            "resourceType": "Patient",
            "identifier": [["system": "https://lakeside.example/mrn", "value": .string("MRN\(mark)")]],
            "name": [["family": "Example", "given": ["Amara"]]], "gender": "female", "birthDate": "1970-02-14",
        ]
        let order: JSON = [
            "resourceType": "ServiceRequest",
            "identifier": [["system": "https://lakeside.example/referrals", "value": .string("REF\(mark)")]],
            "status": "active", "intent": "order", "priority": "routine",
            "code": [
                "coding": [
                    ["system": "http://snomed.info/sct", "code": "183519002", "display": "Referral to cardiology service"]
                ]
            ],
            "subject": ["reference": .string(patientURL)], "authoredOn": "2026-11-20",
            "reasonCode": [["text": "Chest pain on effort for three weeks"]],
        ]
        return [
            "resourceType": "Bundle", "type": "transaction",
            "entry": [
                [
                    "fullUrl": .string(patientURL), "resource": patient,
                    "request": [
                        "method": "POST", "url": "Patient",
                        "ifNoneExist": .string("identifier=https://lakeside.example/mrn|MRN\(mark)"),
                    ],
                ],
                ["resource": order, "request": ["method": "POST", "url": "ServiceRequest"]],
            ],
        ]
    }

    /// A letter of one page.
    var pdf: [UInt8] {
        SamplePDF.page([
            "Lakeside Family Practice", "12 Shore Street, Lakeside, IL 60045", "", "Referral REF\(mark), 20 November 2026", "",
            "To: Cardiology Clinic", "Patient: Amara Example, born 14 February 1970, number MRN\(mark)",
            "Reason: chest pain on effort for three weeks (I20.9)", "Urgency: routine", "Payer: Acme Health, policy POL\(mark)", "",
            "Dr Ines Moreau, NPI 1234567893",
        ])
    }
}

/// The smallest PDF that shows lines of text. Source: ISO 32000-1.
enum SamplePDF {
    static func page(_ lines: [String]) -> [UInt8] {
        let shown = lines.map { "(\(escaped($0))) Tj T*" }.joined(separator: "\n")
        let stream = "BT /F1 12 Tf 18 TL 72 720 Td\n\(shown)\nET"
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
            "<< /Length \(stream.utf8.count) >>\nstream\n\(stream)\nendstream",
        ]
        var text = "%PDF-1.4\n"
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(text.utf8.count)
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            let digits = String(offset)
            text += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        text += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return Array(text.utf8)
    }

    private static func escaped(_ line: String) -> String {
        line.map { "()\\".contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
