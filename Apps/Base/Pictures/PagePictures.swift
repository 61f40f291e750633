import Kernel
import Pages

/// Reduces pictures in the confined process that reads documents.
public struct PagePictures: PictureReducer {
    private let pages: PageService

    /// - Parameter executable: The command that runs the page worker: the server's own.
    public init(executable: String, leadingArguments: [String] = ["page-worker"]) {
        var limits = PageLimits.standard
        // Whoever writes waits for it, and so do the writers behind.
        limits.workerCPUSeconds = 5
        limits.workerWallSeconds = 10
        limits.imagePixels = PictureSize.pixelLimit
        limits.documentBytes = 32 << 20
        limits.answerBytes = 64 << 20
        pages = PageService(executable: executable, leadingArguments: leadingArguments, limits: limits)
    }

    public func reduce(_ picture: [UInt8], to sizes: [PictureSize]) throws -> [[UInt8]] {
        do throws(DocumentRefusal) {
            return try pages.reduce(picture, to: sizes.map { PictureBounds(width: $0.width, height: $0.height) })
        } catch {
            let code = error.code.rawValue.split(separator: ".").last.map(String.init) ?? "broken"
            throw Refusal(
                "picture." + code, error.isTemporary ? .unavailable : .validation, "The picture cannot be reduced: " + error.sentence,
                instruction: error.isTemporary ? "Try again in a minute." : "Save it again as PNG or JPEG, reduced, and send that.")
        }
    }
}
