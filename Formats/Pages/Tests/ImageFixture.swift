import CLeptonica

/// Images made by leptonica: a black frame and a bar on white, so that up and right can be told.
enum ImageFixture {
    /// A bitonal page; the bar lies in the upper left quarter.
    static func bitonal(width: Int32 = 1728, height: Int32 = 2200, across: Int32 = 204, down: Int32 = 196) -> UnsafeMutablePointer<Pix>? {
        let pix = pixCreate(width, height, 1)
        pixSetResolution(pix, across, down)
        pixRasterop(pix, width / 10, height / 10, width / 4, height / 20, PIX_SET, nil, 0, 0)
        return pix
    }

    /// A grey page with the bar in the upper left quarter.
    static func grey(width: Int32 = 400, height: Int32 = 600, dpi: Int32 = 100) -> UnsafeMutablePointer<Pix>? {
        var bitonal = bitonal(width: width, height: height, across: dpi, down: dpi)
        defer { pixDestroy(&bitonal) }
        return pixConvertTo8(bitonal, 0)
    }

    static func fax(pages: Int, compression: Int32 = Int32(IFF_TIFF_G4), down: Int32 = 196) -> [UInt8] {
        var collection = pixaCreate(Int32(pages))
        defer { pixaDestroy(&collection) }
        for _ in 0..<pages { pixaAddPix(collection, bitonal(down: down), Int32(L_INSERT)) }
        if pages == 1 { return written { pixWriteMemTiff($0, $1, collection?.pointee.pix[0], compression) } }
        return written { pixaWriteMemMultipageTiff($0, $1, collection) }
    }

    /// One bitonal page whose TIFF says how to turn it.
    static func turnedFax(orientation: Int) -> [UInt8] {
        var pix = bitonal()
        var tags = numaCreate(1), values = sarrayCreate(1), types = sarrayCreate(1)
        defer {
            pixDestroy(&pix)
            numaDestroy(&tags)
            sarrayDestroy(&values)
            sarrayDestroy(&types)
        }
        numaAddNumber(tags, 274)
        sarrayAddString(values, String(orientation), Int32(L_COPY))
        sarrayAddString(types, "l_int32", Int32(L_COPY))
        return written { pixWriteMemTiffCustom($0, $1, pix, Int32(IFF_TIFF_G4), tags, values, types, nil) }
    }

    static func png(dpi: Int32 = 100) -> [UInt8] {
        var pix = grey(dpi: dpi)
        defer { pixDestroy(&pix) }
        return written { pixWriteMemPng($0, $1, pix, 0) }
    }

    static func jpeg(width: Int32 = 400, height: Int32 = 600, dpi: Int32 = 100) -> [UInt8] {
        var pix = grey(width: width, height: height, dpi: dpi)
        defer { pixDestroy(&pix) }
        return written { pixWriteMemJpeg($0, $1, pix, 80, 0) }
    }

    /// The same photograph with an EXIF segment that says how to turn it.
    static func turned(_ jpeg: [UInt8], orientation: UInt8) -> [UInt8] {
        let tiff: [UInt8] = Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
        let content = Array("Exif".utf8) + [0, 0] + tiff
        return Array(jpeg[..<2]) + [0xFF, 0xE1, 0, UInt8(content.count + 2)] + content + Array(jpeg[2...])
    }

    /// How dark a rendered page is at a place given in hundredths of its width and height: 0 is white, 255 black.
    static func darkness(_ png: [UInt8], _ across: Int, _ down: Int) -> Int {
        var pix = pixReadMemPng(png, png.count)
        var grey = pixConvertTo8(pix, 0)
        defer {
            pixDestroy(&pix)
            pixDestroy(&grey)
        }
        var value: UInt32 = 0
        pixGetPixel(grey, pixGetWidth(grey) * Int32(across) / 100, pixGetHeight(grey) * Int32(down) / 100, &value)
        return 255 - Int(value)
    }

    /// A PNG changed by leptonica.
    static func changed(_ png: [UInt8], _ change: (UnsafeMutablePointer<Pix>?) -> UnsafeMutablePointer<Pix>?) -> [UInt8] {
        var picture = pixReadMemPng(png, png.count)
        pixSetResolution(picture, 200, 200)
        var changed = change(picture)
        defer {
            pixDestroy(&picture)
            pixDestroy(&changed)
        }
        return written { pixWriteMemPng($0, $1, changed, 0) }
    }

    private static func written(
        _ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int>) -> Int32
    ) -> [UInt8] {
        var data: UnsafeMutablePointer<UInt8>?
        var size = 0
        guard write(&data, &size) == 0, let data else { return [] }
        defer { lept_free(data) }
        return Array(UnsafeBufferPointer(start: data, count: size))
    }
}
