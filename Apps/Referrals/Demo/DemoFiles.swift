import Kernel

/// Small files that look like what comes with a referral.
enum DemoFiles {
    /// A one-page PDF that says what it would be.
    static func pdf(_ lines: [String]) -> [UInt8] {
        let shown = lines.enumerated().map { place, line in "1 0 0 1 60 \(720 - place * 24) Tm (\(line)) Tj" }.joined(separator: "\n")
        let stream = "BT /F1 14 Tf\n\(shown)\nET"
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            "<< /Length \(stream.utf8.count) >>\nstream\n\(stream)\nendstream", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        var text = "%PDF-1.4\n"
        var offsets: [Int] = []
        for (place, object) in objects.enumerated() {
            offsets.append(text.utf8.count)
            text += "\(place + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = text.utf8.count
        let rows = offsets.map { offset in
            let digits = String(offset)
            return String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n" + rows.joined()
        text += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return Array(text.utf8)
    }

    /// The file that a specialty's rules ask for.
    static func file(for specialty: String) -> ReferralData.File? {
        let kinds = ["CARD": ("ecg", "ECG"), "ORTH": ("imaging", "Imaging report"), "ONCO": ("pathology", "Pathology report")]
        guard let (kind, title) = kinds[specialty] else { return nil }
        return ReferralData.File(
            name: "\(kind).pdf", kind: kind, mediaType: "application/pdf",
            bytes: pdf([title, "Fictitious document of the demo hospital group", "It is about nobody."]))
    }
}
