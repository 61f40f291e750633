import CLeptonica

/// Finds small boxes to tick and measures how black they are inside; recognisers of text read them as any letter.
enum MarkFinder {
    /// Sides of a box to tick, in inches.
    private static let sides = 0.07...0.22
    /// Each side of the frame is there at least so far.
    private static let frame = 0.82
    private static let threshold: Int32 = 150

    static func marks(on page: PreparedPage) throws(DocumentRefusal) -> [PageMark] {
        let black = try Bitmap(pixThresholdToBinary(page.grey.pix, threshold), orBroken: "the image data")
        guard let boxes = pixConnCompBB(black.pix, 8) else { return [] }
        defer {
            var list: UnsafeMutablePointer<Boxa>? = boxes
            boxaDestroy(&list)
        }
        var marks: [PageMark] = []
        for place in 0..<boxaGetCount(boxes) where marks.count < PageMark.limit {
            var x: Int32 = 0, y: Int32 = 0, w: Int32 = 0, h: Int32 = 0
            guard boxaGetBoxGeometry(boxes, place, &x, &y, &w, &h) == 0 else { continue }
            let (wide, high) = (Double(w) / page.dotsPerInch, Double(h) / page.dotsPerInch)
            guard sides.contains(wide), sides.contains(high), (0.75...1.34).contains(wide / high) else { continue }
            if let fill = fill(of: black, x, y, w, h) {
                marks.append(PageMark(PageBox(Double(x), Double(y), Double(x + w), Double(y + h)), fill: fill))
            }
        }
        return marks
    }

    /// How black the inside of a frame is; nil for what is no frame, such as a letter.
    private static func fill(of picture: Bitmap, _ x: Int32, _ y: Int32, _ w: Int32, _ h: Int32) -> Double? {
        func isBlack(_ across: Int32, _ down: Int32) -> Bool {
            var value: UInt32 = 0
            return pixGetPixel(picture.pix, x + across, y + down, &value) == 0 && value != 0
        }
        let band = max(2, min(w, h) / 6)
        func share(_ length: Int32, _ test: (Int32, Int32) -> Bool) -> Double {
            let hits = (0..<length).count { along in (0..<band).contains { test(along, $0) } }
            return Double(hits) / Double(length)
        }
        let sides = [
            share(w) { isBlack($0, $1) }, share(w) { isBlack($0, h - 1 - $1) }, share(h) { isBlack($1, $0) },
            share(h) { isBlack(w - 1 - $1, $0) },
        ]
        guard sides.allSatisfy({ $0 >= frame }) else { return nil }
        let edge = band + 1
        var count = 0, all = 0
        for down in edge..<max(edge + 1, h - edge) {
            for across in edge..<max(edge + 1, w - edge) {
                all += 1
                if isBlack(across, down) { count += 1 }
            }
        }
        return Double(count) / Double(max(1, all))
    }
}
