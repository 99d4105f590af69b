// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// The rule for the four bytes that go before each request and response: they tell the size of what follows, and must
/// be believed only within a limit.
public enum FrameSize {
    /// Bytes of the size itself.
    public static let prefixLength = 4

    /// Throws unless `size`, as read off the wire, lies between 0 and `limit`.
    public static func check(_ size: Int32, limit: Int) throws(DecodingError) -> Int {
        guard size >= 0, Int(size) <= limit else {
            throw DecodingError(.invalidFrameSize(Int(size), limit: limit), offset: 0)
        }
        return Int(size)
    }

    /// Takes the next frame, without its size, off the front of `buffer`, uncopied; nil while it is not all there.
    /// Throws as soon as the size is there and not between 0 and `limit`.
    public static func nextFrame(of buffer: inout ByteBuffer, limit: Int) throws(DecodingError) -> ByteBuffer? {
        guard let announced = buffer.getInteger(at: buffer.readerIndex, as: Int32.self) else { return nil }
        let size = try check(announced, limit: limit)
        guard buffer.readableBytes >= prefixLength + size else { return nil }
        buffer.moveReaderIndex(forwardBy: prefixLength)
        return buffer.readSlice(length: size)
    }
}
