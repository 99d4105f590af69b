// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Puts frames together from the pieces in which a connection delivers them: a size of four bytes, then as many bytes.
///
/// Each frame gets memory of its own, filled as the pieces come in, so that what holds on to a frame holds on to nothing
/// else, and a size off the wire reserves little before its bytes are there.
struct FrameAssembler {
    /// A frame that no request can have.
    struct InvalidSize: Error, Equatable {
        let size: Int32
    }

    private static let sizeLength = 4
    /// Bytes that are reserved for a frame before any of them came in.
    private static let largestReservation = 4 * 1024 * 1024

    /// Bytes that the next frame may have.
    var maximumSize: Int
    private var head = ByteBuffer()
    private var body = ByteBuffer()
    /// Size of a frame that was read, while there is no memory for the frame yet.
    private var announced: Int?
    /// Size of the frame that is being put together; nil before there is one.
    private(set) var expected: Int?

    /// - Parameter maximumSize: Bytes that a frame may have. Kafka's `socket.request.max.bytes`.
    init(maximumSize: Int) {
        self.maximumSize = maximumSize
    }

    /// Whether some of a frame is there, but not all.
    var isInsideFrame: Bool { expected != nil || announced != nil || head.readableBytes > 0 }

    /// Whether the next frame's size is known, and `takes` has refused it so far.
    var isHeldUp: Bool { announced != nil }

    /// Takes bytes from `piece` until a frame is whole.
    ///
    /// - Parameters:
    ///   - piece: What came in.
    ///   - takes: Takes memory for a frame of that size; false when there is none now.
    /// - Returns: The frame; nil when the piece was used up before, or a frame is held up.
    /// - Throws: When no request can be so large.
    mutating func nextFrame(
        from piece: inout ByteBuffer,
        takes: (Int) -> Bool = { _ in true }
    ) throws(InvalidSize) -> ByteBuffer? {
        if expected == nil, announced == nil, let size = takeSize(from: &piece) {
            guard size >= 0, Int(size) <= maximumSize else { throw InvalidSize(size: size) }
            announced = Int(size)
        }
        if let size = announced {
            guard takes(size) else { return nil }
            (announced, expected) = (nil, size)
            body = ByteBufferAllocator().buffer(capacity: min(size, Self.largestReservation))
        }
        guard let expected else { return nil }
        if var part = piece.readSlice(length: min(expected - body.readableBytes, piece.readableBytes)) {
            body.writeBuffer(&part)
        }
        guard body.readableBytes == expected else { return nil }
        self.expected = nil
        let frame = body
        body = ByteBuffer()
        return frame
    }

    private mutating func takeSize(from piece: inout ByteBuffer) -> Int32? {
        if head.readableBytes == 0, let size = piece.readInteger(as: Int32.self) { return size }
        guard var part = piece.readSlice(length: min(Self.sizeLength - head.readableBytes, piece.readableBytes)) else {
            return nil
        }
        head.writeBuffer(&part)
        guard head.readableBytes == Self.sizeLength, let size = head.readInteger(as: Int32.self) else { return nil }
        head.clear()
        return size
    }
}
