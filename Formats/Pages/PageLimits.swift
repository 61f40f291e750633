/// What a document may cost; everything beyond is refused with a reason.
public struct PageLimits: Codable, Hashable, Sendable {
    /// Largest document, in bytes.
    public var documentBytes = 64 << 20
    /// Most pages of one document.
    public var pageCount = 500
    /// Longest side of one page of a PDF, in points: 200 inches, PDF's own limit.
    public var pageSidePoints = 14_400.0
    /// Longest declared side of an image, in pixels.
    public var imageSide = 30_000
    /// Most declared pixels of an image; checked before anything is decoded.
    public var imagePixels = 64_000_000
    /// Most objects of a PDF, counted and as declared.
    public var objects = 1_000_000
    /// Most bytes that one packed part of a PDF may unpack to; images are counted by their pixels instead.
    public var unpackedPartBytes = 64 << 20
    /// Most bytes that all packed parts of a PDF, without its images, may unpack to.
    public var unpackedBytes = 256 << 20
    /// Most pixels of a rendered page; a larger one is rendered at a lower resolution.
    public var renderedPixels = 40_000_000
    /// Resolutions that may be asked for, in dots per inch.
    public var dotsPerInch = 20...600
    /// Most pages rendered by one request.
    public var pagesPerRequest = 50
    /// Largest answer of a worker, in bytes.
    public var answerBytes = 256 << 20
    /// CPU time of one worker, in seconds.
    public var workerCPUSeconds = 20
    /// Address space of one worker, in bytes.
    public var workerMemoryBytes = 1 << 30
    /// Time after which a worker is killed, in seconds.
    public var workerWallSeconds = 40.0
    /// Most workers at once; the rest wait.
    public var workers = 2
    /// Most workers that recognise text at once; the rest wait, apart from those above.
    public var readers = 1
    /// Most pages whose text one request may ask for.
    public var textPagesPerRequest = 8
    /// CPU time that recognising adds for each page, in seconds.
    public var textCPUSecondsPerPage = 15
    /// Time on the clock that recognising adds for each page, in seconds.
    public var textWallSecondsPerPage = 45.0
    /// Most requests that wait for a worker.
    public var waiting = 64

    /// The limits for production; change what is known better.
    public init() {}

    /// The limits for production.
    public static let standard = PageLimits()
}
