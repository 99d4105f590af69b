// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Quotas")
struct QuotaTests {
    typealias Entity = QuotaTable.Entity

    @Test("of several quotas that fit a client the narrowest holds, by Kafka's order")
    func precedence() {
        var table = QuotaTable()
        #expect(table.rate(user: "u", client: "c") == nil)
        // From the last to the first.
        let order = [
            Entity(client: .standard), Entity(client: .named("c")), Entity(user: .standard),
            Entity(user: .standard, client: .standard), Entity(user: .standard, client: .named("c")),
            Entity(user: .named("u")), Entity(user: .named("u"), client: .standard),
            Entity(user: .named("u"), client: .named("c")),
        ]
        for (index, entity) in order.enumerated() {
            table.set(Double(index + 1), of: entity)
            #expect(table.rate(user: "u", client: "c") == Double(index + 1))
            #expect(Entity(text: entity.text) == entity)
        }
        #expect(table.rate(user: "other", client: "other") == 4)
        table.set(nil, of: order[7])
        #expect(table.rate(user: "u", client: "c") == 7)
        #expect(Entity(text: "") == nil && Entity(text: "a/b/c") == nil)
    }

    @Test("a client may produce for a second at once, and waits for as long as it is ahead")
    func rates() {
        var rates = ByteRates()
        let client = ByteRates.Client(user: "u", id: "c")
        #expect(rates.produced(1000, by: client, rate: 1000, now: 0) == 0)
        #expect(rates.produced(500, by: client, rate: 1000, now: 0) == 500)
        #expect(rates.produced(0, by: client, rate: 1000, now: 500) == 0)
        #expect(rates.produced(1000, by: client, rate: 1000, now: 1500) == 0)
        #expect(rates.produced(1, by: .init(user: "u", id: "d"), rate: 1000, now: 1500) == 0)
        #expect(rates.produced(.max, by: client, rate: 0.001, now: 1500) == 30_000)
    }

    private func alter(_ rate: Double?, _ client: TestClient, version: Int16 = 1) async throws -> ErrorCode? {
        let entry = AlterClientQuotasRequest.Entry(
            entity: [
                .init(entityType: "user", entityName: "ANONYMOUS"), .init(entityType: "client-id", entityName: nil),
            ],
            ops: [.init(key: "producer_byte_rate", value: rate ?? 0, remove: rate == nil)]
        )
        return try await client.send(AlterClientQuotasRequest(entries: [entry]), version: version).entries.first?
            .errorCode
    }

    @Test("a producer beyond its quota is told to wait, and nothing more is read of it", arguments: [0, 1])
    func throttling(version: Int) async throws {
        try await withTemporaryDirectory { path in
            let configure = { (configuration: inout EmbeddedBroker.Configuration) in
                configuration.dataDirectory = path
                configuration.topics = ["t": 1]
            }
            try await withBroker(configure) { _, client in
                let code = try await alter(100, client, version: Int16(version))
                #expect(code == ErrorCode.none)
            }
            try await withBroker(configure) { broker, client in
                let found = try await client.send(DescribeClientQuotasRequest(), version: Int16(version))
                #expect(found.entries?.map { $0.values.map(\.value) } == [[100]])
                #expect(found.entries?.first?.entity.map(\.entityName) == ["ANONYMOUS", nil])
                let batch = try TestBatch.make([String(repeating: "x", count: 29_000)])
                let response = try await client.send(ProduceRequest(batch, topic: "t"), version: 9)
                #expect(response.throttleTimeMs == 30_000 && response.single.errorCode == .none)
                let other = try await TestClient.connect(port: broker.ports[0])
                #expect(try await alter(nil, other) == ErrorCode.none)
                let free = try await other.send(ProduceRequest(batch, topic: "t"), version: 9)
                #expect(free.throttleTimeMs == 0)
                await other.close()
            }
        }
    }

    @Test("quotas are chosen by what they are of")
    func filters() async throws {
        try await withBroker { _, client in
            let code = try await alter(100, client)
            #expect(code == ErrorCode.none)
            func count(_ components: [DescribeClientQuotasRequest.Component], strict: Bool = false) async throws -> Int?
            {
                let request = DescribeClientQuotasRequest(components: components, strict: strict)
                return try await client.send(request, version: 1).entries?.count
            }
            let user = DescribeClientQuotasRequest.Component(entityType: "user", matchType: 0, match: "ANONYMOUS")
            let any = DescribeClientQuotasRequest.Component(entityType: "client-id", matchType: 2)
            let standard = DescribeClientQuotasRequest.Component(entityType: "client-id", matchType: 1)
            #expect(try await count([user]) == 1)
            #expect(try await count([user], strict: true) == 0)
            #expect(try await count([user, any], strict: true) == 1)
            #expect(try await count([standard]) == 1)
            #expect(try await count([.init(entityType: "user", matchType: 1)]) == 0)
            #expect(try await count([.init(entityType: "ip", matchType: 2)]) == 0)
            #expect(try await count([.init(entityType: "moon", matchType: 2)]) == nil)
            #expect(try await count([.init(entityType: "user", matchType: 7)]) == nil)
        }
    }

    @Test("what cannot be a quota is refused")
    func impossible() async throws {
        try await withBroker { _, client in
            for value in [0, -1, Double.nan, .infinity] { #expect(try await alter(value, client) == .invalidRequest) }
            let user = DescribeClientQuotasResponse.Entity(entityType: "user", entityName: "a")
            let ip = DescribeClientQuotasResponse.Entity(entityType: "ip", entityName: "10.0.0.1")
            let right = AlterClientQuotasRequest.Operation(key: "producer_byte_rate", value: 1)
            let wrong = AlterClientQuotasRequest.Operation(key: "consumer_byte_rate", value: 1)
            let entries: [AlterClientQuotasRequest.Entry] = [
                .init(entity: [], ops: [right]), .init(entity: [ip], ops: [right]),
                .init(entity: [user, user], ops: [right]),
                .init(entity: [user], ops: [wrong]),
            ]
            let response = try await client.send(AlterClientQuotasRequest(entries: entries), version: 1)
            #expect(
                response.entries.map(\.errorCode) == [
                    .invalidRequest, .invalidRequest, .invalidRequest, .invalidRequest,
                ]
            )
        }
    }
}
