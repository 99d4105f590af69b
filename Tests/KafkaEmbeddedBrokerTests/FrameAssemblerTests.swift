// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Putting frames together")
struct FrameAssemblerTests {
    private static let stream = ByteBuffer(bytes: [0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 1, 9])
    private static let frames: [[UInt8]] = [[1, 2, 3], [], [9]]

    @Test("frames are the same whatever the pieces they come in", arguments: 1...16)
    func pieces(length: Int) throws {
        var assembler = FrameAssembler(maximumSize: 3)
        var rest = Self.stream
        var frames: [[UInt8]] = []
        while var piece = rest.readSlice(length: min(length, rest.readableBytes)), piece.readableBytes > 0 {
            while let frame = try assembler.nextFrame(from: &piece) { frames.append(Array(frame.readableBytesView)) }
        }
        #expect(frames == Self.frames)
        #expect(!assembler.isInsideFrame)
    }

    @Test("a frame that is too large or negative is refused before its bytes", arguments: [4, Int32.max, -1, .min])
    func invalidSizes(size: Int32) {
        var assembler = FrameAssembler(maximumSize: 3)
        var piece = ByteBuffer(integer: size)
        #expect(throws: FrameAssembler.InvalidSize(size: size)) { try assembler.nextFrame(from: &piece) }
    }

    @Test("a size alone reserves little memory")
    func reservation() throws {
        var assembler = FrameAssembler(maximumSize: .max)
        var piece = ByteBuffer(integer: Int32.max)
        #expect(try assembler.nextFrame(from: &piece) == nil)
        #expect(assembler.isInsideFrame)
    }
}
