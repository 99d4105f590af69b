// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

/// Scattered frames are the plain ones, cut where the records are.
@Suite("Scattered frame Vectors")
struct ScatteredFrameVectorTests {
    private func joined(_ pieces: [ByteBuffer]) -> ByteBuffer {
        pieces.reduce(into: ByteBuffer()) { $0.writeImmutableBuffer($1) }
    }

    /// The address of the first byte, which two buffers share only if neither is a copy.
    private func address(_ buffer: ByteBuffer) -> Int? {
        unsafe buffer.withUnsafeReadableBytes { bytes in unsafe bytes.baseAddress.map { Int(bitPattern: $0) } }
    }

    @Test("Produce requests have the same bytes in either form")
    func produceRequests() throws {
        for (entry, type) in try MessageVectors.load() where type == ProduceRequest.self {
            var body = entry.body
            let request = try ProduceRequest(decoding: &body, version: entry.version)
            let plain = try RequestFrame.encode(request, version: entry.version, correlationID: 5, clientID: "me")
            let pieces = try RequestFrame.scattered(request, version: entry.version, correlationID: 5, clientID: "me")
            #expect(joined(pieces) == plain)
            #expect(plain.getInteger(at: 0, as: Int32.self) == Int32(plain.readableBytes - 4))
        }
    }

    @Test("records of more than a kibibyte are not copied, fewer bytes have no piece of their own")
    func copiedRecords() throws {
        let many = ByteBuffer(repeating: 7, count: 1025)
        let few = ByteBuffer(repeating: 8, count: 1024)
        func partition(_ index: Int32, _ records: ByteBuffer) -> ProduceRequest.PartitionData {
            ProduceRequest.PartitionData(index: index, records: records)
        }
        func pieces(_ partitions: [ProduceRequest.PartitionData]) throws -> [ByteBuffer] {
            let request = ProduceRequest(topicData: [.init(name: "t", partitionData: partitions)])
            let pieces = try RequestFrame.scattered(request, version: 9, correlationID: 5, clientID: nil)
            #expect(try joined(pieces) == RequestFrame.encode(request, version: 9, correlationID: 5, clientID: nil))
            return pieces
        }
        #expect(try pieces([partition(0, few), partition(1, few), partition(2, few)]).count == 1)
        let mixed = try pieces([partition(0, few), partition(1, many), partition(2, few)])
        #expect(mixed.count == 3)
        #expect(mixed.count == 3 && address(mixed[1]) == address(many))
    }

    @Test("Fetch responses have the same bytes in either form")
    func fetchResponses() throws {
        for (entry, type) in try MessageVectors.load() where type == FetchResponse.self {
            var body = entry.body
            let response = try FetchResponse(decoding: &body, version: entry.version)
            let plain = try ResponseFrame.encode(response, version: entry.version, correlationID: 5)
            #expect(try joined(ResponseFrame.scattered(response, version: entry.version, correlationID: 5)) == plain)
        }
    }

    @Test("null and empty records leave no empty pieces")
    func noRecords() throws {
        let partitions: [ProduceRequest.PartitionData] = [
            .init(index: 0, records: nil), .init(index: 1, records: ByteBuffer()),
            .init(index: 2, records: ByteBuffer(repeating: 7, count: 2000)), .init(index: 3, records: ByteBuffer()),
        ]
        let request = ProduceRequest(topicData: [.init(name: "t", partitionData: partitions)])
        let pieces = try RequestFrame.scattered(request, version: 9, correlationID: 5, clientID: nil)
        #expect(pieces.count == 3)
        #expect(pieces.allSatisfy { $0.readableBytes > 0 })
        #expect(try joined(pieces) == RequestFrame.encode(request, version: 9, correlationID: 5, clientID: nil))
    }
}
