/// Reads the lines of CSV (RFC 4180).
struct CSVScanner {
    struct Line {
        let cells: [String]
        /// The line's number, counted from 1.
        let number: Int
    }

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var left: Int

    init(_ bytes: [UInt8], maxCells: Int) {
        self.bytes = bytes
        left = maxCells
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        self.maxCells = maxCells
    }

    private let maxCells: Int

    /// The next line, or nothing at the end.
    mutating func next() throws(DMNError) -> Line? {
        guard index < bytes.count else { return nil }
        let number = line
        var cells: [String] = []
        while true {
            left -= 1
            guard left >= 0 else { throw .tooMany(maxCells, line: line) }
            cells.append(try cell())
            guard index < bytes.count else { break }
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: ",") { continue }
            if byte == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
            line += 1
            break
        }
        return Line(cells: cells, number: number)
    }

    private mutating func cell() throws(DMNError) -> String {
        if index < bytes.count, bytes[index] == UInt8(ascii: "\"") { return try quotedCell() }
        let start = index
        while index < bytes.count, !isEnd(bytes[index]) {
            guard bytes[index] != UInt8(ascii: "\"") else {
                throw .csv("A quote stands within a cell. Put the cell in quotes and double those in it.", line: line)
            }
            index += 1
        }
        return try text(Array(bytes[start..<index]))
    }

    private mutating func quotedCell() throws(DMNError) -> String {
        let start = line
        index += 1
        var content: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == 0x0A { line += 1 }
            guard byte == UInt8(ascii: "\"") else {
                content.append(byte)
                continue
            }
            if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
                content.append(byte)
                index += 1
                continue
            }
            guard index == bytes.count || isEnd(bytes[index]) else {
                throw .csv("Something stands behind a closing quote. Double the quotes within a cell.", line: line)
            }
            return try text(content)
        }
        throw .csv("A quoted cell is not closed. Put a \" at its end.", line: start)
    }

    private func isEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D }

    private func text(_ content: [UInt8]) throws(DMNError) -> String {
        guard let text = String(validating: content, as: UTF8.self) else { throw .encoding(line: line) }
        return text
    }
}
