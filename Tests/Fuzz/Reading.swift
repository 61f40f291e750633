import Foundation
import Kernel
import Pages
import Reading

/// Reads any words at any places as the pages of a document: rows of text to fields, and what the confined process says as JSON.
///
/// Shape of the rows: a line is a row of the page; two spaces begin a cell, a form feed a page, and a tab a word at a place of its own, with
/// the next two bytes as its left side and its top.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    if bytes.first == UInt8(ascii: "{"), let page = try? JSONDecoder().decode(PageText.self, from: Data(bytes)) {
        if isWithinReason(page) { check([page]) }
        return 0
    }
    check(Rows(bytes).pages)
    return 0
}

private let today = Day(2026, 11, 29)

private let dictionaries: ReadingDictionaries = {
    var names = ReadingDictionaries()
    names.specialties = [.init("Cardiology", value: "CARD"), .init("Neurology", value: "NEUR")]
    names.payers = [.init("Acme Health"), .init("Blue Harbor Mutual")]
    names.practices = [.init("Cedar Ridge Clinic")]
    return names
}()

private func check(_ pages: [PageText]) {
    let reading = DocumentReading(pages, dictionaries: dictionaries, today: today)
    let findings = reading.parts.flatMap(\.findings)
    for finding in findings {
        let sides = [finding.box.left, finding.box.top, finding.box.right, finding.box.bottom]
        guard sides.allSatisfy({ (0...1).contains($0) }), (0...1).contains(finding.confidence) else {
            fatalError("a share beyond its bounds")
        }
        guard !finding.value.isEmpty, pages.contains(where: { $0.page == finding.page }) else {
            fatalError("a finding without value or page")
        }
    }
    let numbers = reading.parts.flatMap(\.pages)
    guard Set(numbers).count == numbers.count else { fatalError("a page in two parts") }
    // What was found is learned and read again.
    let places = findings.prefix(6).compactMap {
        LearnedPlace.find($0.value, of: $0.field, on: pages, dictionaries: dictionaries, today: today)
    }
    _ = DocumentReading(pages, dictionaries: dictionaries, today: today, learned: places)
    for page in pages { guard FormTitle.of(page).count <= 60 else { fatalError("a title that is not bounded") } }
}

/// What the server believes of the confined process, as `PageService` asks it.
private func isWithinReason(_ page: PageText) -> Bool {
    guard (1...100_000).contains(page.width), (1...100_000).contains(page.height), abs(page.skewDegrees) < 360,
        (0...3).contains(page.quarters),
        page.words.count <= 300
    else { return false }
    return page.words.allSatisfy { word in
        let sides = [word.box.left, word.box.top, word.box.right, word.box.bottom]
        return !word.text.isEmpty && word.text.utf8.count <= PageWord.textLimit && sides.allSatisfy { $0.isFinite && abs($0) <= 200_000 }
            && word.box.left <= word.box.right && word.box.top <= word.box.bottom && (0...1).contains(word.confidence)
    }
}

/// Pages as rows of text describe them.
private struct Rows {
    private(set) var pages: [PageText] = []
    private var words: [PageWord] = []

    init(_ bytes: [UInt8]) {
        for page in bytes.split(separator: 0x0C).prefix(3) {
            words = []
            for (line, row) in page.split(separator: 0x0A, omittingEmptySubsequences: false).prefix(60).enumerated() { add(row, line) }
            pages.append(PageText(page: pages.count + 1, source: .recognised, width: 1_700, height: 2_200, words: words, ink: 0.05))
        }
    }

    private mutating func add(_ row: ArraySlice<UInt8>, _ line: Int) {
        var left = 110.0
        for part in row.split(separator: 0x20, omittingEmptySubsequences: false).prefix(40) {
            guard !part.isEmpty else {
                left += 120
                continue
            }
            var top = 60 + Double(line) * 34
            var letters = part
            if part.first == 0x09, part.count > 3 {
                (left, top) = (Double(part[part.startIndex + 1]) * 6, Double(part[part.startIndex + 2]) * 8)
                letters = part.dropFirst(3)
            }
            let text = String(String(decoding: letters, as: UTF8.self).prefix(80))
            guard !text.isEmpty, text.utf8.count <= PageWord.textLimit else { continue }
            let width = Double(text.count) * 14
            words.append(PageWord(text, PageBox(left, top, left + width, top + 24), confidence: 0.9, line: line))
            left += width + 10
        }
    }
}
