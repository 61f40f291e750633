import Kernel

/// Compares the matcher with a plain one that tries everything, on a pattern and a text out of the same bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: data, count: size)
    let cut = bytes.firstIndex(of: 0x0A) ?? bytes.count / 2
    let pattern = String(decoding: bytes[..<cut], as: UTF8.self)
    let text = String(decoding: bytes[cut...].dropFirst(), as: UTF8.self)
    let found = LikePattern.matches(text, pattern: pattern, ignoringCase: false)
    _ = LikePattern.matches(text, pattern: pattern, ignoringCase: true)
    if size <= 64, found != matches(Array(text.unicodeScalars)[...], marks(pattern)[...]) { fatalError("the matcher is wrong") }
    return 0
}

private enum Mark: Equatable {
    case one, many
    case literal(Unicode.Scalar)
}

private func marks(_ pattern: String) -> [Mark] {
    var marks: [Mark] = []
    var isEscaped = false
    for scalar in pattern.unicodeScalars {
        if isEscaped {
            marks.append(.literal(scalar))
            isEscaped = false
        } else if scalar == "\\" {
            isEscaped = true
        } else {
            let mark: Mark = scalar == "%" ? .many : scalar == "_" ? .one : .literal(scalar)
            // Two of them say what one says, and would make this one slow.
            if mark != .many || marks.last != .many { marks.append(mark) }
        }
    }
    if isEscaped { marks.append(.literal("\\")) }
    return marks
}

private func matches(_ text: ArraySlice<Unicode.Scalar>, _ marks: ArraySlice<Mark>) -> Bool {
    // Which beginnings of the text the marks so far can stand for.
    var reached = [Bool](repeating: false, count: text.count + 1)
    reached[0] = true
    for mark in marks {
        var next = [Bool](repeating: false, count: text.count + 1)
        for place in 0...text.count where reached[place] {
            switch mark {
            case .many: for further in place...text.count { next[further] = true }
            case .one: if place < text.count { next[place + 1] = true }
            case .literal(let scalar): if place < text.count, text[text.startIndex + place] == scalar { next[place + 1] = true }
            }
        }
        reached = next
    }
    return reached[text.count]
}
