import JSON

/// Reads any bytes as JSON; what is accepted must read back as the same value, compact and pretty.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: data, count: size)
    for numbers in [JSONNumbers.converted, .literal] {
        guard let value = try? JSON.parse(bytes, numbers: numbers) else { continue }
        guard let again = try? JSON.parse(value.serialized(), numbers: numbers), again == value else {
            fatalError("a compact value reads back otherwise")
        }
        guard let pretty = try? JSON.parse(value.pretty(), numbers: numbers), pretty == value else {
            fatalError("a pretty value reads back otherwise")
        }
        _ = try? JSON.parse(bytes, limits: JSONLimits(maxDepth: 3, rejectsDuplicateKeys: true), numbers: numbers)
    }
    return 0
}
