/// Text that matches a pattern: `%` any run of characters, `_` one character, `\` makes the next character literal.
///
/// The store's SQL calls the same code, so that a search in a table and one in memory agree. The time is at most the product of the
/// lengths: after a second `%` the first one is never tried again.
public enum LikePattern {
    /// Whether a text matches; without case, accents do not count either (`é` matches `e`).
    public static func matches(_ text: String, pattern: String, ignoringCase: Bool) -> Bool {
        Compiled(pattern, ignoringCase: ignoringCase).matches(text)
    }

    /// A pattern read once, for many texts.
    public struct Compiled: Sendable {
        /// A byte of the text, or one of the two wildcards.
        private enum Mark {
            static let one: UInt16 = 256, many: UInt16 = 257
        }
        private let marks: ContiguousArray<UInt16>
        private let ignoringCase: Bool

        /// Reads a pattern.
        public init(_ pattern: String, ignoringCase: Bool) {
            self.ignoringCase = ignoringCase
            var marks: ContiguousArray<UInt16> = []
            var literal = String.UnicodeScalarView()
            func endLiteral() {
                guard !literal.isEmpty else { return }
                var text = String(literal)
                marks += (ignoringCase ? TextFolding.folded(&text) : ContiguousArray(text.utf8)).map(UInt16.init)
                literal.removeAll()
            }
            var escaped = false
            for scalar in pattern.unicodeScalars {
                if escaped {
                    literal.append(scalar)
                    escaped = false
                } else if scalar == "\\" {
                    escaped = true
                } else if scalar == "%" || scalar == "_" {
                    endLiteral()
                    let mark = scalar == "%" ? Mark.many : Mark.one
                    if mark == Mark.one || marks.last != Mark.many { marks.append(mark) }
                } else {
                    literal.append(scalar)
                }
            }
            if escaped { literal.append("\\") }
            endLiteral()
            self.marks = marks
        }

        /// Whether a text matches.
        public func matches(_ text: String) -> Bool {
            var text = text
            if ignoringCase, !text.utf8.allSatisfy({ $0 < 0x80 }) {
                return TextFolding.folded(&text).withUnsafeBufferPointer { matches($0, lowering: false) }
            }
            return text.withUTF8 { matches($0, lowering: ignoringCase) }
        }

        /// Whether a text matches that stands in memory as UTF-8, as a database hands it over.
        public func matches(utf8 bytes: UnsafeBufferPointer<UInt8>) -> Bool {
            if ignoringCase, !bytes.allSatisfy({ $0 < 0x80 }) { return matches(String(decoding: bytes, as: UTF8.self)) }
            return matches(bytes, lowering: ignoringCase)
        }

        private func matches(_ text: UnsafeBufferPointer<UInt8>, lowering: Bool) -> Bool {
            marks.withUnsafeBufferPointer { marks in
                var place = 0
                var mark = 0
                var afterMany = -1
                var retry = 0
                while place < text.count {
                    if mark < marks.count, marks[mark] == Mark.many {
                        mark += 1
                        afterMany = mark
                        retry = place
                        if mark == marks.count { return true }
                    } else if mark < marks.count, marks[mark] == Mark.one {
                        place = Compiled.next(place, in: text)
                        mark += 1
                    } else if mark < marks.count, marks[mark] == UInt16(lowering ? Compiled.lower(text[place]) : text[place]) {
                        place += 1
                        mark += 1
                    } else if afterMany >= 0 {
                        retry = Compiled.next(retry, in: text)
                        place = retry
                        mark = afterMany
                    } else {
                        return false
                    }
                }
                while mark < marks.count, marks[mark] == Mark.many { mark += 1 }
                return mark == marks.count
            }
        }

        /// The place after the character that begins here.
        @inline(__always)
        private static func next(_ place: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
            var next = place + 1
            while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
            return next
        }

        @inline(__always)
        private static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
    }
}
