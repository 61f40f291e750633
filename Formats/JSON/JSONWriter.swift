/// A growable buffer that JSON is written into.
///
/// Callers on a hot path write a value's parts themselves (`beginObject`, `key`, `string`, `endObject`) and so save
/// building it. The primitives (`byte`, `literal`, `string`, `int`, `double`, `json`) put down just what they are
/// given; only `key` and `element` add the comma that is due.
public struct JSONWriter: ~Copyable {
    @usableFromInline var buffer: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int
    @usableFromInline var written = 0

    /// How many bytes are written.
    @inlinable public var count: Int { written }

    /// An empty buffer.
    /// - Parameter capacity: How many bytes are expected; it grows when more come.
    public init(capacity: Int = 4096) {
        self.capacity = max(capacity, 64)
        self.buffer = .allocate(capacity: self.capacity)
    }

    deinit { buffer.deallocate() }

    /// Makes room for that many more bytes.
    @inlinable
    public mutating func reserve(_ bytes: Int) {
        if capacity - written < bytes { grow(bytes) }
    }

    @usableFromInline
    @inline(never)
    mutating func grow(_ bytes: Int) {
        let larger = max(capacity * 2, written + bytes)
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        copy.update(from: buffer, count: written)
        buffer.deallocate()
        buffer = copy
        capacity = larger
    }

    /// Appends one byte.
    @inlinable
    public mutating func byte(_ byte: UInt8) {
        reserve(1)
        buffer[written] = byte
        written += 1
    }

    /// Appends text of the program as it is, without quotes or escapes.
    @inlinable
    public mutating func literal(_ text: StaticString) {
        bytes(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends bytes as they are, for example JSON that was written before.
    @inlinable
    public mutating func bytes(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        (buffer + written).update(from: source, count: bytes.count)
        written += bytes.count
    }

    /// Appends bytes as they are, for example JSON that was written before.
    public mutating func bytes(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { self.bytes($0) }
    }

    /// Makes room for bytes that the caller writes now, all of them.
    @inlinable
    public mutating func room(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        reserve(count)
        written += count
        return buffer + (written - count)
    }

    /// Gives the bytes written so far and empties the buffer, which may be used again.
    public mutating func take() -> [UInt8] {
        let result = Array(UnsafeBufferPointer(start: buffer, count: written))
        written = 0
        return result
    }
}

extension JSONWriter {
    /// Opens an object.
    @inlinable public mutating func beginObject() { byte(UInt8(ascii: "{")) }

    /// Closes an object.
    @inlinable public mutating func endObject() { byte(UInt8(ascii: "}")) }

    /// Opens an array.
    @inlinable public mutating func beginArray() { byte(UInt8(ascii: "[")) }

    /// Closes an array.
    @inlinable public mutating func endArray() { byte(UInt8(ascii: "]")) }

    /// Appends a member's name and colon, and before it the comma that is due unless it is the object's first.
    public mutating func key(_ name: String) {
        if written > 0, buffer[written - 1] != UInt8(ascii: "{") { byte(UInt8(ascii: ",")) }
        string(name)
        byte(UInt8(ascii: ":"))
    }

    /// Appends the comma that is due before an array's element, unless it is the first.
    public mutating func element() {
        if written > 0, buffer[written - 1] != UInt8(ascii: "[") { byte(UInt8(ascii: ",")) }
    }
}
