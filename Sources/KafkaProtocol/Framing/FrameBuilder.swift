// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Puts size, header and body together, in one buffer or in several that are written one after the other.
struct FrameBuilder {
    /// Bytes that most frames stay below, apart from records.
    private static let initialCapacity = 1024

    private var writer: FieldWriter

    /// Begins a frame of `message` in `version` with its size, still unknown, and `header`.
    init<Message: KafkaMessage>(
        _ message: Message,
        version: Int16,
        copiesBytes: Bool,
        header: (inout ByteBuffer) throws(EncodingError) -> Void
    ) throws(EncodingError) {
        var buffer = ByteBufferAllocator().buffer(capacity: Self.initialCapacity)
        buffer.writeInteger(0, as: Int32.self)
        try header(&buffer)
        writer = FieldWriter(
            consume buffer,
            version: version,
            isFlexible: Message.isFlexible(version),
            copiesBytes: copiesBytes
        )
        try message.write(to: &writer)
        let uncopied = writer.uncopied ?? []
        let size = uncopied.reduce(writer.buffer.readableBytes - FrameSize.prefixLength) { $0 + $1.bytes.readableBytes }
        guard let prefix = Int32(exactly: size) else { throw EncodingError(.tooLong(size)) }
        writer.buffer.setInteger(prefix, at: writer.buffer.readerIndex)
    }

    /// The frame in one buffer, when all bytes were copied.
    var whole: ByteBuffer { writer.buffer }

    /// The frame as its own bytes with the uncopied ones between them, none of them empty.
    var pieces: [ByteBuffer] {
        guard let uncopied = writer.uncopied, !uncopied.isEmpty else { return [writer.buffer] }
        var own = writer.buffer
        var pieces: [ByteBuffer] = []
        pieces.reserveCapacity(2 * uncopied.count + 1)
        for (offset, bytes) in uncopied where bytes.readableBytes > 0 {
            if let before = own.readSlice(length: offset - own.readerIndex), before.readableBytes > 0 {
                pieces.append(before)
            }
            pieces.append(bytes)
        }
        if own.readableBytes > 0 { pieces.append(own) }
        return pieces
    }
}
