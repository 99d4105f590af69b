// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import NIOCore
import Testing

@Suite("ApiVersions")
struct ApiVersionsTests {
    @Test("every version tells which APIs are served", arguments: ApiVersionsRequest.validVersions)
    func served(version: Int16) async throws {
        try await withBroker { _, client in
            let request = ApiVersionsRequest(clientSoftwareName: "test", clientSoftwareVersion: "1.0")
            let response = try await client.send(request, version: version)
            #expect(response.errorCode == .none)
            let ranges = Dictionary(uniqueKeysWithValues: response.apiKeys.map { ($0.apiKey, $0) })
            #expect(ranges[.produce]?.minVersion == 0)
            #expect(ranges[.produce]?.maxVersion == 13)
            #expect(ranges[.fetch]?.minVersion == 4)
            #expect(ranges[.metadata]?.maxVersion == 13)
            #expect(ranges.keys.contains(.initProducerID))
        }
    }

    @Test("the protocol of transactions is told as a finalized feature", arguments: TransactionProtocol.allCases)
    func features(version: TransactionProtocol) async throws {
        try await withBroker {
            $0.transactions.version = version
        } _: { broker, client in
            let request = ApiVersionsRequest(clientSoftwareName: "test", clientSoftwareVersion: "1.0")
            let level = version.rawValue
            let finalized = ApiVersionsResponse.FinalizedFeature(
                name: "transaction.version",
                maxVersionLevel: level,
                minVersionLevel: level
            )
            let old = try await client.send(request, version: 3)
            #expect(old.finalizedFeatures == [finalized])
            #expect(old.supportedFeatures.isEmpty, "version 3 has no lowest level of 0")
            let new = try await client.send(request, version: 4)
            #expect(new.supportedFeatures == [.init(name: "transaction.version", minVersion: 0, maxVersion: 2)])
            try await broker.setTransactionVersion(version == .first ? .second : .first)
            let changed = try await client.send(request, version: 4)
            #expect(changed.finalizedFeatures.first?.maxVersionLevel == 3 - level)
            #expect(changed.finalizedFeaturesEpoch == new.finalizedFeaturesEpoch + 1)
            #expect(new.finalizedFeaturesEpoch >= 0)
        }
    }

    @Test("a version of the future is answered in version 0")
    func newerVersion() async throws {
        try await withBroker { _, client in
            var frame = ByteBuffer()
            // key 18, version 99, correlation 7, client id null, no tagged fields, and a body of another time
            frame.writeBytes([0, 18, 0, 99, 0, 0, 0, 7, 0xFF, 0xFF, 0, 1, 2, 3])
            var sized = ByteBuffer(integer: Int32(frame.readableBytes))
            sized.writeBuffer(&frame)
            try await client.write(sized)
            let response = try await client.response(to: ApiVersionsRequest.self, version: 0)
            #expect(response.errorCode == .unsupportedVersion)
            #expect(response.apiKeys.map(\.apiKey) == [.apiVersions])
            let second = try await client.send(ApiVersionsRequest(), version: 0)
            #expect(second.errorCode == .none)
        }
    }

    @Test("a software name with other characters is an invalid request", arguments: ["", "a b", "-a", "a-"])
    func softwareName(name: String) async throws {
        try await withBroker { _, client in
            let request = ApiVersionsRequest(clientSoftwareName: name, clientSoftwareVersion: "1")
            let response = try await client.send(request, version: 3)
            #expect(response.errorCode == .invalidRequest)
        }
    }
}
