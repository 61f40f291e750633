import Crypto

/// Reduces pictures; what decodes them runs where a hostile one can do no harm.
public protocol PictureReducer: Sendable {
    /// The picture at each of the sizes: sides in proportion, never enlarged.
    ///
    /// It is called inside a unit of work and must end by itself within seconds.
    /// - Throws: `picture.*` with an instruction.
    func reduce(_ picture: [UInt8], to sizes: [PictureSize]) throws -> [[UInt8]]
}

/// Who reduces the pictures of a database.
public final class PictureDesk: Sendable {
    private let reducer = Locked<(any PictureReducer)?>(nil)

    init() {}

    var current: (any PictureReducer)? { reducer.withLock { $0 } }

    /// Says who reduces the pictures of the database that keeps this memory.
    public static func use(_ reducer: any PictureReducer, for memory: DatabaseMemory) {
        let desk = memory.thing(PictureDesk.self) { PictureDesk() }
        desk.reducer.withLock { $0 = reducer }
    }
}

extension Environment {
    /// A picture that fits the field: as it came when it is small enough, else reduced.
    ///
    /// All smaller pictures that the model keeps of it are made in one go and remembered by the unit of work.
    /// - Throws: `picture.broken`, `picture.too_many_pixels`, `picture.no_reducer`, and what the reducer throws.
    func reduced(_ bytes: [UInt8], _ field: Field, _ model: ModelSchema) throws -> [UInt8] {
        guard let size = PictureForm(bytes)?.size(bytes) else { throw Refusal.picture(.broken, field, model) }
        guard size.width <= PictureSize.sideLimit, size.height <= PictureSize.sideLimit,
            size.width * size.height <= PictureSize.pixelLimit
        else { throw Refusal.picture(.tooManyPixels, field, model) }
        let limit = field.traits.pictureSize
        if size.fits(limit) { return bytes }
        let made = unit.thing(ReducedPictures.self) { ReducedPictures() }
        if let known = made.find(bytes, limit) { return known }
        guard let reducer = unit.memory.thing(PictureDesk.self, make: { PictureDesk() }).current else {
            throw Refusal.picture(.noReducer, field, model)
        }
        var sizes = [limit]
        for other in model.fields where other.traits.related == field.name && other.traits.pictureSize.isLimited {
            if !size.fits(other.traits.pictureSize) { sizes.append(other.traits.pictureSize) }
        }
        let pictures = try reducer.reduce(bytes, to: sizes)
        guard pictures.count == sizes.count else { throw Refusal.picture(.broken, field, model) }
        made.keep(pictures, sizes)
        return pictures[0]
    }
}

/// Smaller pictures by the picture that they are kept beside, for one unit of work.
private final class ReducedPictures {
    /// The most pictures that are remembered.
    private static let limit = 64

    private struct Key: Hashable {
        let digest: Digest
        let size: PictureSize
    }
    private var known: [Key: [UInt8]] = [:]

    func find(_ picture: [UInt8], _ size: PictureSize) -> [UInt8]? {
        known.isEmpty ? nil : known[Key(digest: SHA256.hash(picture), size: size)]
    }

    /// The first picture is the largest; the others are found by it.
    func keep(_ pictures: [[UInt8]], _ sizes: [PictureSize]) {
        guard let first = pictures.first, pictures.count > 1 else { return }
        if known.count > ReducedPictures.limit { known = [:] }
        let digest = SHA256.hash(first)
        for (picture, size) in zip(pictures, sizes).dropFirst() { known[Key(digest: digest, size: size)] = picture }
    }
}

extension Refusal {
    fileprivate enum PictureFault { case broken, tooManyPixels, noReducer }

    fileprivate static func picture(_ fault: PictureFault, _ field: Field, _ model: ModelSchema) -> Refusal {
        let what = "The picture for '\(field.name)' in '\(model.name)'"
        switch fault {
        case .broken:
            return Refusal(
                "picture.broken", .validation, what + " is damaged or cut off.",
                instruction: "Open it to check it, save it again as PNG or JPEG.")
        case .tooManyPixels:
            return Refusal(
                "picture.too_many_pixels", .validation,
                what + " declares more than \(PictureSize.pixelLimit) pixels, or a side of more than \(PictureSize.sideLimit).",
                instruction: "Reduce it and send it again.")
        case .noReducer:
            return Refusal(
                "picture.no_reducer", .unavailable, what + " is larger than the field keeps, and nothing here can reduce it.",
                instruction: "Send it at most \(field.traits.pictureSize.width) by \(field.traits.pictureSize.height) pixels.")
        }
    }
}
