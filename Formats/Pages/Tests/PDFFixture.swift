/// A small PDF with a correct cross-reference table, made from nothing but texts.
struct PDFFixture {
    private var objects: [[UInt8]] = []

    /// One page for each text, each 612 by 792 points unless told otherwise; a text shows its lines.
    static func pages(_ texts: [String], width: Int = 612, height: Int = 792) -> [UInt8] {
        var fixture = PDFFixture()
        let first = 4
        let kids = texts.indices.map { "\(first + $0 * 2) 0 R" }.joined(separator: " ")
        fixture.add("<< /Type /Catalog /Pages 2 0 R >>")
        fixture.add("<< /Type /Pages /Kids [\(kids)] /Count \(texts.count) >>")
        fixture.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
        for (index, text) in texts.enumerated() {
            fixture.add(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(width) \(height)] /Resources << /Font << /F1 3 0 R >> >> "
                    + "/Contents \(first + index * 2 + 1) 0 R >>")
            let lines = text.split(separator: "\n").map { "(\($0)) Tj T*" }.joined(separator: " ")
            fixture.addStream("", Array("BT /F1 24 Tf 30 TL 72 \(height - 92) Td \(lines) ET".utf8))
        }
        return fixture.bytes
    }

    /// One page whose content is compressed: `content` must be zlib data already.
    static func compressedPage(_ content: [UInt8]) -> [UInt8] {
        var fixture = PDFFixture()
        fixture.add("<< /Type /Catalog /Pages 2 0 R >>")
        fixture.add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
        fixture.add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>")
        fixture.addStream("/Filter /FlateDecode ", content)
        return fixture.bytes
    }

    /// One page whose content is packed by any filter: `content` must be packed already.
    static func packedPage(_ content: [UInt8], filter: String) -> [UInt8] {
        var fixture = PDFFixture()
        fixture.add("<< /Type /Catalog /Pages 2 0 R >>")
        fixture.add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
        fixture.add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>")
        fixture.addStream("/Filter \(filter) ", content)
        return fixture.bytes
    }

    /// One page filled by one image that declares `width` by `width` pixels.
    /// - Parameter packed: The image as zlib data; without it there are four bytes of an unpacked one.
    static func pageWithImage(width: Int, entries more: String = "", packed: [UInt8]? = nil) -> [UInt8] {
        var fixture = PDFFixture()
        fixture.add("<< /Type /Catalog /Pages 2 0 R >>")
        fixture.add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
        fixture.add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /XObject << /I 5 0 R >> >> /Contents 4 0 R >>")
        fixture.addStream("", Array("612 0 0 792 0 0 cm /I Do".utf8))
        let entries = "/Type /XObject /Subtype /Image /Width \(width) /Height \(width) /BitsPerComponent 8 /ColorSpace /DeviceGray \(more)"
        fixture.addStream(entries + (packed == nil ? "" : "/Filter /FlateDecode "), packed ?? [0, 0, 0, 0])
        return fixture.bytes
    }

    private mutating func add(_ dictionary: String) { objects.append(Array(dictionary.utf8)) }

    private mutating func addStream(_ entries: String, _ content: [UInt8]) {
        objects.append(Array("<< \(entries)/Length \(content.count) >>\nstream\n".utf8) + content + Array("\nendstream".utf8))
    }

    private var bytes: [UInt8] { written(trailer: "") }

    /// - Parameter trailer: More entries of the trailer; `@` stands for the place of the table itself.
    private func written(trailer: String) -> [UInt8] {
        var bytes = Array("%PDF-1.4\n%\u{E2}\u{E3}\n".utf8)
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(bytes.count)
            bytes += Array("\(index + 1) 0 obj\n".utf8) + object + Array("\nendobj\n".utf8)
        }
        let table = bytes.count
        let rows = offsets.map { offset in
            let digits = String(offset)
            return String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        bytes += Array("xref\n0 \(objects.count + 1)\n0000000000 65535 f \n\(rows.joined())".utf8)
        bytes += Array(
            "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R \(trailer.replacing("@", with: String(table))) >>\nstartxref\n\(table)\n%%EOF\n"
                .utf8)
        return bytes
    }
}

extension PDFFixture {
    /// One page of objects that are written as they are; the first is the catalog.
    static func objects(_ texts: [String], trailer: String = "") -> [UInt8] {
        var fixture = PDFFixture()
        for text in texts { fixture.add(text) }
        return fixture.written(trailer: trailer)
    }
}
