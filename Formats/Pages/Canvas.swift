import CPoppler

/// A white bitmap to draw a page on.
final class Canvas {
    let context: OpaquePointer
    private let surface: OpaquePointer

    /// - Parameters:
    ///   - width: Pixels across, a whole number.
    ///   - height: Pixels down, a whole number.
    ///   - scale: Pixels for each point of the page.
    init(width: Double, height: Double, scale: Double) throws(DocumentRefusal) {
        let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
        let context = cairo_create(surface)
        guard let surface, let context, cairo_status(context) == CAIRO_STATUS_SUCCESS else {
            cairo_destroy(context)
            cairo_surface_destroy(surface)
            throw .tooCostly()
        }
        self.surface = surface
        self.context = context
        cairo_set_source_rgb(context, 1, 1, 1)
        cairo_paint(context)
        cairo_scale(context, scale, scale)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    /// The bitmap as a PNG.
    func png(limits: PageLimits) throws(DocumentRefusal) -> [UInt8] {
        guard cairo_status(context) == CAIRO_STATUS_SUCCESS else { throw .tooCostly() }
        cairo_surface_flush(surface)
        let sink = Sink(limit: limits.answerBytes)
        let status = cairo_surface_write_to_png_stream(surface, appendToSink, Unmanaged.passUnretained(sink).toOpaque())
        guard status == CAIRO_STATUS_SUCCESS else { throw .tooCostly() }
        return sink.bytes
    }
}

/// Collects what cairo writes.
private final class Sink {
    var bytes: [UInt8] = []
    let limit: Int
    init(limit: Int) { self.limit = limit }
}

private func appendToSink(
    _ sink: UnsafeMutableRawPointer?, _ data: UnsafePointer<UInt8>?, _ length: UInt32
) -> cairo_status_t {
    guard let sink, let data else { return CAIRO_STATUS_WRITE_ERROR }
    let target = Unmanaged<Sink>.fromOpaque(sink).takeUnretainedValue()
    guard target.bytes.count + Int(length) <= target.limit else { return CAIRO_STATUS_WRITE_ERROR }
    target.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
    return CAIRO_STATUS_SUCCESS
}
