import Foundation
import Kernel
import Testing

@testable import Clocks

/// The page on clocks says what is so.
@Suite struct PageTests {
    @Test("each expression on the page is due when the page says")
    func expressions() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..").standardizedFileURL
        let page = try String(contentsOf: root.appendingPathComponent("docs/reference/clocks.md"), encoding: .utf8)
        let zone = try Zones.table("America/Chicago")
        let start = zone.instant(local: try Zones.moment("2026-03-06 17:30:00").seconds)
        var rows = 0
        for line in page.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 2, let expected = Instant(cells[1] + ":00") else { continue }
            rows += 1
            let next = try CronExpression(cells[0].trimmingCharacters(in: ["`"])).next(after: start, in: zone)
            #expect(next.map { zone.local($0) } == expected.seconds, "\(line)")
        }
        #expect(rows == 8)
    }
}
