// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

/// What a version cannot say is either dropped, where Kafka's schemas call the field ignorable, or refused.
@Suite("Encoding rules")
struct EncodingRuleTests {
    private static let unsayable: [(message: any KafkaMessage, version: Int16, path: String)] = [
        (MetadataRequest(allowAutoTopicCreation: false), 3, "MetadataRequest.allowAutoTopicCreation"),
        (
            MetadataRequest(includeClusterAuthorizedOperations: true), 11,
            "MetadataRequest.includeClusterAuthorizedOperations"
        ),
        (InitProducerIDRequest(producerID: 7), 2, "InitProducerIDRequest.producerId"),
        (InitProducerIDRequest(enable2Pc: true), 5, "InitProducerIDRequest.enable2Pc"),
        (FetchRequest(replicaID: 3), 15, "FetchRequest.replicaId"),
        (FetchRequest(replicaState: .init(replicaID: 3)), 14, "FetchRequest.replicaState"),
        (FetchRequest(forgottenTopicsData: [.init(topic: "t")]), 6, "FetchRequest.forgottenTopicsData"),
        (ProduceResponse(nodeEndpoints: [.init(host: "h")]), 9, "ProduceResponse.nodeEndpoints"),
        (ListOffsetsRequest(isolationLevel: 1), 1, "ListOffsetsRequest.isolationLevel"),
        (OffsetFetchRequest(requireStable: true), 6, "OffsetFetchRequest.requireStable"),
        (OffsetFetchRequest(groups: [.init(groupID: "g")]), 7, "OffsetFetchRequest.groups"),
        (TransactionOffsetCommitRequest(memberID: "m"), 2, "TransactionOffsetCommitRequest.memberId"),
        (TransactionOffsetCommitRequest(generationID: 3), 2, "TransactionOffsetCommitRequest.generationId"),
        (AddPartitionsToTransactionRequest(producerID: 7), 4, "AddPartitionsToTransactionRequest.v3AndBelowProducerId"),
    ]

    @Test("a field that matters is refused in a version without it")
    func mattering() {
        for (message, version, path) in Self.unsayable {
            var buffer = ByteBuffer(string: "before")
            let error = #expect(throws: EncodingError.self, "\(path)") {
                try message.encode(into: &buffer, version: version)
            }
            #expect(error?.reason == .fieldNotInVersion(version))
            #expect(error?.path == path)
            #expect(buffer == ByteBuffer(string: "before"))
        }
    }

    @Test("an ignorable field is dropped in a version without it")
    func ignorable() throws {
        var buffer = ByteBuffer()
        try FetchRequest(clusterID: "c", sessionID: 5, rackID: "r").encode(into: &buffer, version: 6)
        #expect(try FetchRequest(decoding: &buffer, version: 6) == FetchRequest())
        try ApiVersionsResponse(throttleTimeMs: 5, zkMigrationReady: true).encode(into: &buffer, version: 0)
        #expect(try ApiVersionsResponse(decoding: &buffer, version: 0) == ApiVersionsResponse())
        try SaslAuthenticateResponse(sessionLifetimeMs: 5).encode(into: &buffer, version: 0)
        #expect(try SaslAuthenticateResponse(decoding: &buffer, version: 0) == SaslAuthenticateResponse())
    }

    @Test("an unknown version is refused both ways")
    func unknownVersion() {
        var buffer = ByteBuffer()
        let encoding = #expect(throws: EncodingError.self) { try ProduceRequest().encode(into: &buffer, version: 2) }
        #expect(encoding?.reason == .unsupportedVersion(2))
        let decoding = #expect(throws: DecodingError.self) { try ProduceRequest(decoding: &buffer, version: 14) }
        #expect(decoding?.description == "ProduceRequest v14: version 14 is not supported at byte 0")
    }

    @Test("a string of 32767 bytes is the longest", arguments: [Int16(3), 9])
    func longStrings(version: Int16) throws {
        var buffer = ByteBuffer()
        let longest = String(repeating: "ä", count: 16383) + "x"
        try ProduceRequest(transactionalID: longest).encode(into: &buffer, version: version)
        #expect(try ProduceRequest(decoding: &buffer, version: version).transactionalID == longest)

        let error = #expect(throws: EncodingError.self) {
            try ProduceRequest(transactionalID: longest + "x").encode(into: &buffer, version: version)
        }
        #expect(
            error?.description
                == "ProduceRequest.transactionalId: a string of 32768 bytes is longer than 32767"
        )
    }

    @Test("a compact string longer than 32767 bytes is refused")
    func longCompactString() {
        var body = ByteBuffer()
        body.encode(unsignedVarint: 32769)
        body.writeRepeatingByte(0x61, count: 32768)
        let error = #expect(throws: DecodingError.self) { try body.decodeString(isCompact: true) }
        #expect(error?.reason == .invalidLength(32768))
    }

    @Test("encoding appends to what the buffer holds, and decoding begins where its reader is")
    func buffers() throws {
        var buffer = ByteBuffer(string: "before")
        try MetadataRequest(topics: nil).encode(into: &buffer, version: 1)
        #expect(buffer.readString(length: 6) == "before")
        #expect(try MetadataRequest(decoding: &buffer, version: 1).topics == nil)
        #expect(buffer.readableBytes == 0)
    }
}
