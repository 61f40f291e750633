import Foundation

/// What the server asks of a page worker: one JSON argument on its command line.
struct WorkerRequest: Codable, Hashable, Sendable {
    /// Whether the facts are wanted.
    var wantsFacts = false
    /// The pages to render, counted from 1.
    var pages: [Int] = []
    /// The resolution of the page images.
    var dpi = 150
    /// The sizes to which a picture is reduced, instead of pages.
    var bounds: [PictureBounds] = []
    /// The pages whose text is wanted, counted from 1.
    var textPages: [Int] = []
    /// How they are made ready.
    var recipe = RecognitionRecipe()
    /// What the document may cost.
    var limits = PageLimits.standard

    /// The request as its command-line argument.
    var argument: String? { (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } }
}

extension WorkerRequest {
    /// Reads the command-line argument; nil when it is not a request.
    init?(argument: String) {
        guard let request = try? JSONDecoder().decode(Self.self, from: Data(argument.utf8)) else { return nil }
        self = request
    }
}
