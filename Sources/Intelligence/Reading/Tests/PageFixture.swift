import Kernel
import Pages

@testable import Reading

/// Pages of words with places, as a recogniser gives them.
enum PageFixture {
    static let today = Day(2026, 11, 29)
    static let dictionaries: ReadingDictionaries = {
        var names = ReadingDictionaries()
        names.specialties = [
            .init("Cardiology", value: "CARD"), .init("Diagnostic imaging", value: "IMAG"), .init("Neurology", value: "NEUR"),
        ]
        names.payers = [.init("Blue Harbor Mutual"), .init("Acme Health")]
        names.practices = [.init("Cedar Ridge Clinic"), .init("Harbor View Internal Medicine")]
        return names
    }()

    /// A page whose rows hold cells: each a text at its left side; letters are 14 wide and 24 high, rows 60 apart.
    static func page(_ rows: [[(Double, String)]], number: Int = 1, marks: [PageMark] = []) -> PageText {
        var words: [PageWord] = []
        for (line, row) in rows.enumerated() {
            for (left, text) in row {
                var x = left
                for word in text.split(separator: " ").map(String.init) {
                    let top = 100 + Double(line) * 60, width = Double(word.count) * 14
                    words.append(PageWord(word, PageBox(x, top, x + width, top + 24), confidence: 0.96, line: line))
                    x += width + 10
                }
            }
        }
        return PageText(page: number, source: .recognised, width: 1700, height: 2200, words: words, marks: marks, ink: 0.05)
    }

    static func lines(_ lines: [String], number: Int = 1) -> PageText { page(lines.map { [(110, $0)] }, number: number) }

    static func read(_ pages: PageText...) -> DocumentReading {
        DocumentReading(pages, dictionaries: dictionaries, today: today)
    }

    /// What the first referral says.
    static func values(_ pages: PageText...) -> [ReadingField: String] {
        let reading = DocumentReading(pages, dictionaries: dictionaries, today: today)
        let findings = reading.parts.first { $0.kind == .referral }?.findings ?? []
        return Dictionary(uniqueKeysWithValues: findings.map { ($0.field, $0.value) })
    }

    static func words(_ text: String) -> [ReadWord] {
        text.split(separator: " ").map { ReadWord(String($0), PageBox(0, 0, 10, 10), confidence: 1, opensCell: false) }
    }

    static let form = [
        "Referral Request Form", "Date: 11/02/2026", "Patient Name: Amara Okafor", "Date of Birth: 02/14/1970", "Sex: Female",
        "Phone: (218) 555-0142", "Address: 12 Oak Street, Northlake, MN 55701", "Insurance: Acme Health", "Member ID: M7700123",
        "Refer to: Cardiology", "Priority: Urgent", "Requested Service: Stress test", "Reason for Referral: Chest pain on effort",
        "Diagnosis (ICD-10): I20.9, R07.89", "CPT Code: 93015", "Referring Provider: Dr. Lena Bauer, MD", "NPI: 1234567893",
        "Practice: Cedar Ridge Clinic",
    ]
}
