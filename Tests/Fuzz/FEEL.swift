import FEEL

/// Reads any text as a cell and as an expression; what is constant must read back as the same value from how it is written.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
    if let tests = try? FEELUnaryTests.parse(text) {
        for value in [FEELValue.null, .int(1), .string("a"), .boolean(true)] { _ = tests.hold(for: value) { _ in .int(3) } }
    }
    if let expression = try? FEELExpression.parse(text), let value = expression.constant {
        let written = value.description
        guard written.utf8.count <= 2_048 else { return 0 }
        guard let again = try? FEELExpression.parse(written), again.constant == value else { fatalError("a value does not read back") }
    }
    return 0
}
