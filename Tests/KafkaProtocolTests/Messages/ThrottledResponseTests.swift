// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@Suite("Throttle times")
struct ThrottledResponseTests {
    /// The versions are those of KIP-219.
    @Test("a throttle time asks for a pause from these versions on (KIP-219)")
    func pauses() {
        expectPause(from: 6, ProduceResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 6, MetadataResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 1, InitProducerIDResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 2, ApiVersionsResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 2, FindCoordinatorResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 3, CreateTopicsResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 3, ListOffsetsResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 8, FetchResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 1, AddPartitionsToTransactionResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 1, AddOffsetsToTransactionResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 1, EndTransactionResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 1, TransactionOffsetCommitResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 4, OffsetCommitResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 4, OffsetFetchResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 3, JoinGroupResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 2, SyncGroupResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 2, HeartbeatResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 2, LeaveGroupResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 1, DeleteGroupsResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 1, AlterConfigsResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 1, DescribeLogDirsResponse.self) { $0.throttleTimeMs = 70 }
        expectPause(from: 1, DescribeAclsResponse.self) { $0.throttleTimeMs = 70 }
    }

    @Test("a negative throttle time asks for no pause")
    func negative() {
        var response = ProduceResponse()
        response.throttleTimeMs = -1
        #expect(response.pauseMilliseconds(version: 6) == 0)
    }

    private func expectPause<Response: ThrottledResponse>(
        from first: Int16,
        _ type: Response.Type,
        _ fill: (inout Response) -> Void,
        at location: SourceLocation = #_sourceLocation
    ) {
        var response = Response()
        fill(&response)
        #expect(response.pauseMilliseconds(version: first) == 70, sourceLocation: location)
        #expect(response.pauseMilliseconds(version: first - 1) == 0, sourceLocation: location)
    }
}
