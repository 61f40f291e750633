import Foundation

/// What stands on one page: words with their places, from the page's own text or recognised in its picture.
///
/// Places are pixels of the picture as it was read, which was turned upright and straightened before; ``place(of:)`` tells where that is on
/// the page as it is shown. Stored and sent as JSON with the names below.
public struct PageText: Codable, Hashable, Sendable {
    /// Where the words come from.
    public enum Source: String, Codable, Hashable, Sendable {
        /// The document says them itself.
        case textLayer = "text_layer"
        /// They were recognised in the picture.
        case recognised
    }

    /// The page, counted from 1.
    public let page: Int
    /// Where the words come from.
    public let source: Source
    /// Pixels across the picture that was read.
    public let width: Double
    /// Pixels down the picture that was read.
    public let height: Double
    /// Quarters by which the page was turned clockwise to stand upright.
    public let quarters: Int
    /// Degrees by which it was then turned clockwise to stand straight.
    public let skewDegrees: Double
    /// The words, line by line.
    public let words: [PageWord]
    /// Small boxes to tick.
    public let marks: [PageMark]
    /// The share of the page that is black, 0 to 1; near 0 for a blank one.
    public let ink: Double

    /// The most words of a page; what stands beyond is left out.
    public static let wordLimit = 4_000

    /// States what stands on a page.
    public init(
        page: Int, source: Source, width: Double, height: Double, quarters: Int = 0, skewDegrees: Double = 0, words: [PageWord],
        marks: [PageMark] = [], ink: Double = 0
    ) {
        self.page = page
        self.source = source
        self.width = width
        self.height = height
        self.quarters = quarters
        self.skewDegrees = skewDegrees
        self.words = words
        self.marks = marks
        self.ink = ink
    }

    /// The lines as plain text.
    public var text: String {
        var text = ""
        var line = words.first?.line ?? 0
        for word in words {
            if word.line != line { text += "\n" } else if !text.isEmpty { text += " " }
            line = word.line
            text += word.text
        }
        return text
    }

    /// Whether everything in it is as described; what a worker says is not believed otherwise.
    var isSound: Bool {
        let sides = [width, height, skewDegrees, ink]
        guard sides.allSatisfy(\.isFinite), (1...100_000).contains(width), (1...100_000).contains(height), (0...3).contains(quarters),
            words.count <= Self.wordLimit, marks.count <= PageMark.limit, marks.allSatisfy(\.isSound)
        else { return false }
        return words.allSatisfy(\.isSound)
    }
}

/// A small box to tick.
public struct PageMark: Codable, Hashable, Sendable {
    /// Where it stands.
    public let box: PageBox
    /// The share of its inside that is black, 0 to 1.
    public let fill: Double

    /// The most of a page.
    public static let limit = 300

    /// States a box.
    public init(_ box: PageBox, fill: Double) {
        self.box = box
        self.fill = fill
    }

    fileprivate var isSound: Bool { box.isSound && (0...1).contains(fill) }
}

/// One word of a page with its place.
public struct PageWord: Codable, Hashable, Sendable {
    /// The word.
    public let text: String
    /// Where it stands.
    public let box: PageBox
    /// How sure the reader is, 0 to 1; a text layer is sure.
    public let confidence: Double
    /// The line to which it belongs, counted from 0 down the page.
    public let line: Int

    /// The most bytes of a word.
    public static let textLimit = 400

    /// States a word.
    public init(_ text: String, _ box: PageBox, confidence: Double, line: Int) {
        self.text = text
        self.box = box
        self.confidence = confidence
        self.line = line
    }

    fileprivate var isSound: Bool {
        !text.isEmpty && text.utf8.count <= Self.textLimit && box.isSound && (0...1).contains(confidence) && (0...100_000).contains(line)
    }

    private enum CodingKeys: String, CodingKey {
        case text = "t"
        case box = "b"
        case confidence = "c"
        case line = "l"
    }
}

/// A rectangle; down is larger.
public struct PageBox: Codable, Hashable, Sendable {
    /// Its left side.
    public var left: Double
    /// Its upper side.
    public var top: Double
    /// Its right side.
    public var right: Double
    /// Its lower side.
    public var bottom: Double

    /// A rectangle by its sides.
    public init(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }

    /// How wide it is.
    public var width: Double { right - left }
    /// How high it is.
    public var height: Double { bottom - top }
    /// The middle of its height.
    public var middle: Double { (top + bottom) / 2 }

    /// The smallest rectangle that holds both.
    public func union(_ other: PageBox) -> PageBox {
        PageBox(min(left, other.left), min(top, other.top), max(right, other.right), max(bottom, other.bottom))
    }

    fileprivate var isSound: Bool {
        [left, top, right, bottom].allSatisfy { $0.isFinite && abs($0) <= 200_000 } && left <= right && top <= bottom
    }

    /// Reads the four sides from a list: left, top, right, bottom.
    public init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        self.init(try list.decode(Double.self), try list.decode(Double.self), try list.decode(Double.self), try list.decode(Double.self))
    }

    /// Writes the four sides as a list.
    public func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        for side in [left, top, right, bottom] { try list.encode((side * 10).rounded() / 10) }
    }
}

extension PageText {
    /// Where a rectangle stands on the page as it is shown, in shares of its width and height from 0 to 1.
    public func place(of box: PageBox) -> PageBox {
        let corners = [(box.left, box.top), (box.right, box.top), (box.left, box.bottom), (box.right, box.bottom)].map { shown($0.0, $0.1) }
        let (across, down) = (corners.map(\.0), corners.map(\.1))
        func within(_ value: Double?) -> Double { min(1, max(0, value ?? 0)) }
        return PageBox(within(across.min()), within(down.min()), within(across.max()), within(down.max()))
    }

    /// Turns a point of the picture that was read back: first by the skew, then by the quarters.
    private func shown(_ x: Double, _ y: Double) -> (Double, Double) {
        let angle = -skewDegrees * .pi / 180
        let (dx, dy) = (x - width / 2, y - height / 2)
        let across = (dx * cos(angle) - dy * sin(angle)) / width + 0.5
        let down = (dx * sin(angle) + dy * cos(angle)) / height + 0.5
        return switch quarters {
        case 1: (down, 1 - across)
        case 2: (1 - across, 1 - down)
        case 3: (1 - down, across)
        default: (across, down)
        }
    }
}
