import Base
import Kernel
import TestKit
import Testing

@Suite struct PictureTests {
    /// What the heads of pictures declare, width by height.
    private static func sizes(_ pictures: [UInt8]...) -> [String] {
        pictures.map { picture in
            guard picture.count > 24, picture.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return "no PNG" }
            func number(_ at: Int) -> Int { picture[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
            return "\(number(16))x\(number(20))"
        }
    }

    @Test("a picture is reduced when it is written, with its smaller ones, sides in proportion")
    func reduced() throws {
        let world = try World()
        let id = try world.act { env in
            try env.create(Partner.self, ["name": "Zoe", "image_1920": .bytes(DocumentSamples.png(width: 3_000, height: 1_500))]).id
        }
        try world.act { (env: Environment) throws in
            let partner = env.record(Partner.self, id)
            let made = PictureTests.sizes(
                partner.picture, partner.picture1024, partner.picture512, partner.picture256, partner.picture128)
            #expect(made == ["1920x960", "1024x512", "512x256", "256x128", "128x64"])
            partner.picture = DocumentSamples.png(width: 100, height: 300)
            let tall = PictureTests.sizes(partner.picture, partner.picture256, partner.picture128)
            #expect(tall == ["100x300", "85x256", "43x128"])
            try partner.write(["image_1920": false])
            #expect(partner.picture.isEmpty && partner.picture128.isEmpty)
        }
    }

    @Test("a picture that is small enough is kept as it came, byte by byte, in every size")
    func neverEnlarged() throws {
        let world = try World()
        let small = DocumentSamples.png(width: 64, height: 32)
        try world.act { (env: Environment) throws in
            let partner = try env.create(Partner.self, ["name": "Zoe", "image_1920": .bytes(small)])
            #expect(partner.picture == small && partner.picture128 == small)
        }
    }

    @Test("what is no picture, is cut off, or declares too many pixels is refused with a code and what to do")
    func refused() throws {
        let world = try World()
        var huge = DocumentSamples.png(width: 10, height: 10)
        huge.replaceSubrange(16..<24, with: [0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30])
        var tall = huge
        tall.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1])
        var torn = DocumentSamples.png(width: 3_000, height: 20)
        torn.removeLast(torn.count / 2)
        let cases: [([UInt8], String)] = [
            (Array("%PDF-1.4".utf8), "field.bad_value"), (Array(huge.prefix(20)), "picture.broken"), (huge, "picture.too_many_pixels"),
            (tall, "picture.too_many_pixels"), (torn, "picture.broken"),
        ]
        for (bytes, code) in cases {
            let refusal = #expect(throws: Refusal.self) {
                try world.act { (env: Environment) throws in _ = try env.create(Partner.self, ["name": "Zoe", "image_1920": .bytes(bytes)])
                }
            }
            #expect(refusal?.code == code && refusal?.instruction.isEmpty == false, "\(code): \(String(describing: refusal))")
        }
    }

    @Test("without a worker a picture that must be reduced is refused, and one that fits is kept")
    func withoutWorker() throws {
        let world = try World()
        PictureDesk.use(PagePictures(executable: "/nowhere"), for: world.database.appMemory)
        let refusal = #expect(throws: Refusal.self) {
            try world.act { (env: Environment) throws in
                _ = try env.create(Partner.self, ["name": "Zoe", "image_1920": .bytes(DocumentSamples.png(width: 3_000, height: 3))])
            }
        }
        #expect(refusal?.code == "picture.reader_missing" && refusal?.kind == .unavailable)
        try world.act { (env: Environment) throws in
            _ = try env.create(Partner.self, ["name": "Zoe", "image_1920": .bytes(DocumentSamples.png(width: 90, height: 3))])
        }
    }
}
