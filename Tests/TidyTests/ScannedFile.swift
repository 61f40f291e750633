import Foundation

/// The code of one file, blanked as `SwiftScanner` says, with its line numbers.
struct ScannedFile {
    let file: TextFile
    let code: [UInt8]
    let comments: [UInt8]
    private let lineStarts: [Int]

    init(_ file: TextFile) {
        let scanner = SwiftScanner(file.text)
        self.file = file
        code = scanner.code
        comments = scanner.comments
        lineStarts = [0] + Bytes.positions(of: "\n", in: scanner.code).map { $0 + 1 }
    }

    /// The line, counted from 1, of a byte.
    func line(at offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// The first byte of a line, counted from 1.
    func start(ofLine number: Int) -> Int { lineStarts[number - 1] }

    /// The lines of code that hold one of the words, each once, with their numbers: a quick sieve before a slow look.
    func codeLines(with words: [String]) -> [(number: Int, text: String)] { lines(with: words, in: code) }
    /// The same of comments.
    func commentLines(with words: [String]) -> [(number: Int, text: String)] { lines(with: words, in: comments) }

    private func lines(with words: [String], in bytes: [UInt8]) -> [(number: Int, text: String)] {
        Set(words.flatMap { Bytes.positions(of: $0, in: bytes) }.map(line)).sorted().map { number in
            let end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
            return (number, String(decoding: bytes[lineStarts[number - 1]..<end], as: UTF8.self))
        }
    }
}

/// A search that is quick in a debug build too, because Foundation does it.
enum Bytes {
    static func positions(of word: String, in bytes: [UInt8]) -> [Int] {
        let data = Data(bytes)
        let wanted = Data(word.utf8)
        var found: [Int] = []
        var from = 0
        while from < data.count, let range = data.range(of: wanted, in: from..<data.count) {
            found.append(range.lowerBound)
            from = range.upperBound
        }
        return found
    }
}
