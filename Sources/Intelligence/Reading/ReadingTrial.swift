import Foundation
import Kernel
import Pages

/// Reads documents and says all that was found, for measuring: one JSON line for each.
package enum ReadingTrial {
    /// What a trial says of one document.
    private struct Line: Encodable {
        let name: String
        let seconds: Double
        let refusal: String?
        let texts: [String]
        let marks: [[PageMark]]
        let reading: DocumentReading?
    }

    /// Reads one document.
    /// - Parameters:
    ///   - name: What to call it in the line.
    ///   - recipe: How its pages are made ready.
    package static func line(
        _ name: String, _ bytes: [UInt8], _ pages: PageService, recipe: RecognitionRecipe, _ dictionaries: ReadingDictionaries, today: Day
    ) async -> String {
        let began = ContinuousClock.now
        var texts: [PageText] = []
        var refusal: String?
        do throws(DocumentRefusal) {
            let count = try await pages.inspect(bytes).pageCount
            for first in stride(from: 1, through: count, by: pages.limits.textPagesPerRequest) {
                let numbers = Array(first..<min(first + pages.limits.textPagesPerRequest, count + 1))
                texts += try await pages.text(of: bytes, pages: numbers, recipe: recipe)
            }
        } catch { refusal = error.code.rawValue }
        let seconds = began.duration(to: .now) / .seconds(1)
        let reading = DocumentReading(texts, dictionaries: dictionaries, today: today)
        let line = Line(
            name: name, seconds: seconds, refusal: refusal, texts: texts.map(\.text), marks: texts.map(\.marks), reading: reading)
        return (try? JSONEncoder().encode(line)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

extension ReadingDictionaries {
    /// Names from lines of a trial: `specialty`, `payer` or `practice`, a tab, the name and, after another tab, what stands for it.
    package init(trial text: String) {
        self.init()
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t").map(String.init)
            guard parts.count >= 2 else { continue }
            let entry = Entry(parts[1], value: parts.count > 2 ? parts[2] : nil)
            switch parts[0] {
            case "specialty": specialties.append(entry)
            case "payer": payers.append(entry)
            default: practices.append(entry)
            }
        }
    }
}
