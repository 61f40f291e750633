/// Small documents made from nothing, for tests of whatever takes documents.
public enum DocumentSamples {
    /// A PDF with a line of text on each page.
    public static func pdf(_ text: String = "Referral letter", pages: Int = 1) -> [UInt8] {
        var objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
        var kids: [String] = []
        for page in 1...pages {
            let stream = "BT /F1 20 Tf 72 700 Td (\(text)) Tj 0 -30 Td (Page \(page)) Tj ET"
            objects.append("<< /Length \(stream.utf8.count) >>\nstream\n\(stream)\nendstream")
            let font = "/Resources << /Font << /F1 3 0 R >> >>"
            objects.append("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents \(objects.count) 0 R \(font) >>")
            kids.append("\(objects.count) 0 R")
        }
        objects[1] = "<< /Type /Pages /Count \(pages) /Kids [\(kids.joined(separator: " "))] >>"
        return file(objects, trailer: "")
    }

    /// A PDF with lines of text on one page.
    public static func pdf(lines: [String]) -> [UInt8] { pdf(pages: [lines]) }

    /// A PDF with lines of text on each of its pages.
    public static func pdf(pages: [[String]]) -> [UInt8] {
        var objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
        var kids: [String] = []
        for lines in pages {
            let shown = lines.map { line in "(\(line.map { "()\\".contains($0) ? "\\\($0)" : String($0) }.joined())) Tj T*" }
            let stream = "BT /F1 12 Tf 26 TL 72 720 Td\n\(shown.joined(separator: "\n"))\nET"
            objects.append("<< /Length \(stream.utf8.count) >>\nstream\n\(stream)\nendstream")
            let font = "/Resources << /Font << /F1 3 0 R >> >>"
            objects.append("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents \(objects.count) 0 R \(font) >>")
            kids.append("\(objects.count) 0 R")
        }
        objects[1] = "<< /Type /Pages /Count \(pages.count) /Kids [\(kids.joined(separator: " "))] >>"
        return file(objects, trailer: "")
    }

    /// A PDF that opens only with a password.
    public static func encryptedPDF() -> [UInt8] {
        let pad = String(repeating: "41", count: 32)
        let page = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
        ]
        return file(
            page + ["<< /Filter /Standard /V 1 /R 2 /O <\(pad)> /U <\(pad)> /P -4 >>"],
            trailer: " /Encrypt 4 0 R /ID [<\(pad)> <\(pad)>]")
    }

    private static func file(_ objects: [String], trailer: String) -> [UInt8] {
        var bytes = Array("%PDF-1.4\n".utf8)
        var rows = ""
        for (place, object) in objects.enumerated() {
            let offset = String(bytes.count)
            rows += String(repeating: "0", count: 10 - offset.count) + offset + " 00000 n \n"
            bytes += "\(place + 1) 0 obj\n\(object)\nendobj\n".utf8
        }
        let table = bytes.count
        bytes += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n\(rows)".utf8
        bytes += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R\(trailer) >>\nstartxref\n\(table)\n%%EOF\n".utf8
        return bytes
    }

    /// A grey PNG; `declared` lets its header lie about the width.
    public static func png(width: Int = 40, height: Int = 20, shade: UInt8 = 200, declared: Int? = nil) -> [UInt8] {
        let row = [UInt8(0)] + Array(repeating: shade, count: width)
        let raw = Array((0..<height).map { _ in row }.joined())
        var data: [UInt8] = [0x78, 0x01]
        for start in stride(from: 0, to: raw.count, by: 65_535) {
            let block = raw[start..<min(start + 65_535, raw.count)]
            let length = UInt16(block.count)
            data += [
                block.endIndex == raw.count ? 1 : 0, UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8),
            ]
            data += block
        }
        data += big(adler(raw))
        let header = big(UInt32(declared ?? width)) + big(UInt32(height)) + [8, 0, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + chunk("IDAT", data) + chunk("IEND", [])
    }

    /// A black and white TIFF of one page.
    public static func tiff(width: Int = 64, height: Int = 32) -> [UInt8] {
        let rowBytes = (width + 7) / 8
        let strip = [UInt8](repeating: 0x0F, count: rowBytes * height)
        let tags: [(UInt16, UInt16, UInt32)] = [
            (256, 4, UInt32(width)), (257, 4, UInt32(height)), (258, 3, 1), (259, 3, 1), (262, 3, 0), (273, 4, 8), (277, 3, 1),
            (278, 4, UInt32(height)), (279, 4, UInt32(strip.count)),
        ]
        var bytes: [UInt8] = [0x49, 0x49, 0x2A, 0x00] + little(UInt32(8 + strip.count)) + strip
        bytes += [UInt8(tags.count), 0]
        for (tag, type, value) in tags {
            bytes += [UInt8(tag & 255), UInt8(tag >> 8), UInt8(type & 255), UInt8(type >> 8)] + little(1) + little(value)
        }
        return bytes + little(0)
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        return big(UInt32(content.count)) + body + big(crc(body))
    }

    private static func big(_ word: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }

    private static func little(_ word: UInt32) -> [UInt8] { big(word).reversed() }

    private static func adler(_ bytes: [UInt8]) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return high << 16 | low
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
