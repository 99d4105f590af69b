// SPDX-License-Identifier: Apache-2.0
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
