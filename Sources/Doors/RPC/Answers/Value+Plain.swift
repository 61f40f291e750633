import Crypto
import JSON
import Kernel

extension Value {
    /// Bytes as base64.
    var base64: String? { if case .bytes(let bytes) = self { Base64.standard.encode(bytes) } else { nil } }

    /// The size of bytes as a text; any other value as it is.
    var size: Value { if case .bytes(let bytes) = self { .text(ByteCount.text(bytes.count)) } else { self } }

    /// JSON as plain values.
    var plain: Value { if case .json(let json) = self { Value(json) } else { self } }

    /// `False` for what is not set.
    var orFalse: Value { isNull ? .bool(false) : self }
}
