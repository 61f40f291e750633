import Testing

@testable import Crypto

@Suite struct StreamTests {
    private static let key = [UInt8](repeating: 7, count: 32)

    private static func sealed(_ pieces: [[UInt8]]) throws -> (header: [UInt8], pieces: [[UInt8]]) {
        var stream = try SealingStream(key: key)
        let header = stream.header
        return (header, pieces.enumerated().map { stream.seal($1, isLast: $0 == pieces.count - 1, context: [1]) })
    }

    @Test("pieces open in their order, and the last one says so")
    func opens() throws {
        let (header, pieces) = try Self.sealed([[1, 2, 3], [], [4]])
        var stream = try OpeningStream(key: Self.key, header: header)
        let opened = try pieces.map { try stream.open($0, context: [1]) }
        #expect(opened.map(\.piece) == [[1, 2, 3], [], [4]])
        #expect(opened.map(\.isLast) == [false, false, true])
    }

    @Test("a changed bit, a piece left out, another order, another context and another key are noticed")
    func refuses() throws {
        let (header, pieces) = try Self.sealed([[1], [2], [3]])
        var bits = try OpeningStream(key: Self.key, header: header)
        var changed = pieces[0]
        changed[0] ^= 1
        #expect(throws: CryptoError.self) { try bits.open(changed, context: [1]) }
        var order = try OpeningStream(key: Self.key, header: header)
        #expect(throws: CryptoError.self) { try order.open(pieces[1], context: [1]) }
        var context = try OpeningStream(key: Self.key, header: header)
        #expect(throws: CryptoError.self) { try context.open(pieces[0], context: [2]) }
        var key = try OpeningStream(key: [UInt8](repeating: 8, count: 32), header: header)
        #expect(throws: CryptoError.self) { try key.open(pieces[0], context: [1]) }
        #expect(throws: CryptoError.self) { try SealingStream(key: [1]) }
    }

    @Test("a passphrase gives the same key with the same salt, and another with another")
    func derives() throws {
        let cost = PasswordHash.Cost(passes: 1, memoryBytes: 8_192)
        let salt = [UInt8](repeating: 1, count: PasswordHash.saltBytes)
        let one = try PasswordHash.key(from: "correct horse", salt: salt, cost: cost)
        #expect(try PasswordHash.key(from: "correct horse", salt: salt, cost: cost) == one)
        #expect(try PasswordHash.key(from: "correct horse", salt: salt.map { $0 + 1 }, cost: cost) != one)
        #expect(throws: CryptoError.self) { try PasswordHash.key(from: "x", salt: [1], cost: cost) }
    }
}
