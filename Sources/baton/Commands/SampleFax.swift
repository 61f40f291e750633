import Kernel
import Operations
import Pages

/// A referral form as a picture, such as a fax server delivers it: there is no text in it to take. Nobody on it is real.
struct SampleFax {
    /// Makes the patient of this form differ from that of another.
    let number: Int

    private static let people = [
        ("Example", "Amara", "Female"), ("Testbrook", "Samuel", "Male"), ("Mockford", "Ingrid", "Female"), ("Fictive", "Omar", "Male"),
        ("Placeholder", "Ruth", "Female"),
    ]
    private static let cases = [
        ("Cardiology", "Stress test", "Chest pain on effort for three weeks", "I20.9", "93015", "Urgent"),
        ("Pulmonology", "Pulmonary function test", "Chronic cough and wheezing", "R05.3, J45.909", "94010", "Routine"),
        ("Diagnostic imaging", "MRI of the lumbar spine", "Low back pain with radiculopathy", "M54.16", "72148", "Routine"),
    ]

    private func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private var lines: [String] {
        let person = Self.people[number % Self.people.count], request = Self.cases[number % Self.cases.count]
        return [
            "Cedar Ridge Clinic", "", "REFERRAL REQUEST FORM", "Date: 11/\(padded(1 + number % 28, 2))/2026",
            "Patient Name: \(person.1) \(person.0)",
            "Date of Birth: \(padded(1 + number % 12, 2))/\(padded(1 + number % 28, 2))/\(1940 + number % 70)", "Sex: \(person.2)",
            "Phone: (218) 555-01\(padded(number % 100, 2))", "Address: \(10 + number % 900) Example Street, Northlake, MN 55701",
            "Insurance: Meridian Health", "Member ID: M\(padded(70_000_000 + number, 8))", "Refer to: \(request.0)",
            "Priority: \(request.5)",
            "Requested Service: \(request.1)", "Reason for Referral: \(request.2)", "Diagnosis (ICD-10): \(request.3)",
            "CPT Code: \(request.4)",
            "Referring Provider: Dr. Ines Moreau", "NPI: 1234567893",
        ]
    }

    /// The form as a picture of 200 dots per inch.
    func png() throws -> [UInt8] {
        do throws(DocumentRefusal) {
            return try PageRenderer.render(SamplePDF.page(lines), page: 1, dpi: 200)
        } catch {
            throw Refusal(error.code.rawValue, .internalFault, error.sentence, instruction: error.instruction)
        }
    }
}
