import JSON
import YAML

/// Reads any bytes as YAML; what is accepted must be JSON, and read back as the same value.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let limits = YAMLLimits(maxBytes: 1 << 20, maxExpandedBytes: 1 << 16)
    if let value = try? YAML.parse(bytes, limits: limits) {
        guard let again = try? JSON.parse(value.serialized()), again == value else { fatalError("a value is not JSON") }
    }
    if let value = try? YAML.parse(bytes, limits: limits, numbers: .literal) {
        guard (try? JSON.parse(value.serialized(), numbers: .literal)) != nil else { fatalError("a literal value is not JSON") }
    }
    return 0
}
