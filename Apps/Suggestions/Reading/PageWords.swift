import JSON
import Kernel
import Pages
import Referrals

/// What a page has of its reading.
struct ReadPage: ModelExtension {
    typealias Base = DocumentPage

    /// The words with their places, as ``PageWords`` forms them; no value where nobody read the page.
    let words = Binary("words", "Words", .readonly)

    init() {}
}

/// The words of a page as they are searched and selected over its picture.
///
/// Shape: `{"source": "text_layer", "words": [["Okafor", 1200, 340, 1900, 380, 3], …]}`: a word, its left, top, right and bottom in
/// ten-thousandths of the page as it is shown, and its line counted from 0. The source is `text_layer` where the document says its words
/// itself, and `recognised` where they were recognised in the picture.
public enum PageWords {
    /// Ten-thousandths of a side.
    private static let whole = 10_000.0
    private static let limits = JSONLimits(maxDepth: 4, maxBytes: 4 << 20)

    /// The words of what stands on a page.
    public static func json(_ text: PageText) -> JSON {
        let words = text.words.map { word -> JSON in
            let box = text.place(of: word.box)
            let sides = [box.left, box.top, box.right, box.bottom].map { JSON(Int(($0 * whole).rounded())) }
            return .array([.string(word.text)] + sides + [JSON(word.line)])
        }
        return ["source": .string(text.source.rawValue), "words": .array(words)]
    }

    /// Keeps the words of pages that have a picture.
    public static func keep(_ texts: [PageText], of document: Int, in env: Environment) throws {
        let own = env.asSuperuser("what stands on a page is found by the machine")
        let domain = Domain.where("document_id", .equal, .int(document))
        let pages = Dictionary(try own.search(DocumentPage.self, domain).map { ($0.number, $0) }) { first, _ in first }
        for text in texts { try pages[text.page]?.write(["words": .bytes(json(text).serialized())]) }
    }

    /// The words that are kept of a page; nil where nobody read it.
    public static func kept(_ page: Record<DocumentPage>) -> JSON? {
        let bytes = page[\ReadPage.words]
        return bytes.isEmpty ? nil : try? JSON.parse(bytes, limits: limits)
    }
}
