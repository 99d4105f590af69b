// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaClient

/// What follows from the facts of one address.
@Suite("Findings about a broker")
struct BrokerFindingTests {
    private static let now: Int64 = 1_800_000_000
    private static let day: Int64 = 86_400

    private static func certificate(begins: Int64, ends: Int64) -> CertificateFacts {
        CertificateFacts(
            subject: "CN=b",
            issuer: "CN=ca",
            hosts: ["b.example"],
            begins: now + begins * day,
            ends: now + ends * day
        )
    }

    private static func findings(_ facts: BrokerFacts, _ layer: Finding.Layer) -> [Finding] {
        facts.findings("b", now: now).filter { $0.layer == layer }
    }

    @Test(
        "the days that a certificate has left decide its mark",
        arguments: [
            (-10, 400, Finding.Mark.ok, "400 days left"), (-10, 30, .ok, "30 days left"),
            (-10, 29, .warning, "only 29 days left"), (-10, 1, .warning, "only 1 day left"),
            (-10, -1, .warning, "it has expired"), (2, 400, .warning, "it is not valid yet"),
        ] as [(Int64, Int64, Finding.Mark, String)]
    )
    func certificate(begins: Int64, ends: Int64, mark: Finding.Mark, words: String) {
        var facts = BrokerFacts(BrokerAddress(nodeID: nil, host: "b.example", port: 9093))
        facts.tls = TLSFacts(
            version: nil,
            isTrusted: false,
            trustOrigin: "ca.pem",
            chain: [Self.certificate(begins: begins, ends: ends)]
        )
        let found = Self.findings(facts, .tls)
        #expect(found.map(\.mark) == [mark])
        #expect(found.first?.text.contains(words) == true, "\(found)")
        #expect((found.first?.advice == nil) == (mark == .ok))
    }

    @Test("who trusted a chain is told, and only of one that is trusted", arguments: [true, false])
    func trust(isTrusted: Bool) {
        var facts = BrokerFacts(BrokerAddress(nodeID: nil, host: "b.example", port: 9093))
        facts.tls = TLSFacts(version: "TLSv1.3", isTrusted: isTrusted, trustOrigin: "ca.pem", chain: [])
        let texts = Self.findings(facts, .tls).map(\.text)
        #expect(texts.contains("TLSv1.3"))
        #expect(texts.contains("trusted by ca.pem") == isTrusted)
    }

    @Test("an address that does not answer beside one that does is a warning, on this machine itself it is usual")
    func routes() {
        for (host, mark) in [("b.example", Finding.Mark.warning), ("localhost", .ok)] {
            var facts = BrokerFacts(BrokerAddress(nodeID: nil, host: host, port: 9092))
            facts.routes = [.init(ip: "192.0.2.1", milliseconds: 1), .init(ip: "192.0.2.2", reason: "refused")]
            #expect(Self.findings(facts, .tcp).map(\.mark) == [.ok, mark])
        }
    }

    @Test("where the way ends is the last finding, with what to do", arguments: Finding.Layer.allCases)
    func obstacle(layer: Finding.Layer) {
        var facts = BrokerFacts(BrokerAddress(nodeID: nil, host: "b.example", port: 9092))
        facts.obstacle = .init(layer, "it broke")
        let failed = facts.findings("b", now: Self.now).last
        #expect(failed?.layer == layer && failed?.mark == .failed && failed?.text == "it broke")
        #expect(facts.findings("b", failure: .warning, now: Self.now).last?.mark == .warning)
        #expect(facts.findings("b", advice: "do", now: Self.now).last?.advice == "do")
        let needsAdvice = layer == .dns || layer == .tcp
        #expect((failed?.advice != nil) == needsAdvice)
    }

    @Test(
        "the login tells who, how and for how long",
        arguments: [(Int64(0), "has no end"), (90_000, "holds for 90 s")]
    )
    func login(lifetime: Int64, words: String) {
        var facts = BrokerFacts(BrokerAddress(nodeID: nil, host: "b.example", port: 9092))
        facts.login = .init(mechanism: "PLAIN", user: "alice", sessionLifetimeMs: lifetime, milliseconds: 3)
        let text = Self.findings(facts, .sasl).first?.text ?? ""
        #expect(text.hasPrefix("logged in as alice by PLAIN in 3.0 ms") && text.hasSuffix(words))
    }

    @Test(
        "the release is guessed by its newest hallmark, and by the level of metadata.version if there is one",
        arguments: [
            ([(18, 0), (0, 2)], nil, "0.10"), ([(18, 0), (0, 7)], nil, "2.1"),
            ([(18, 0), (60, 0), (0, 9)], nil, "2.8"),
            ([(18, 4), (0, 12), (1, 17)], nil, "4.0"), ([(18, 4), (0, 13)], 21, "3.9"),
            ([(18, 4), (0, 13)], 29, "4.2"),
            ([], nil, nil),
        ] as [([(Int16, Int16)], Int16?, String?)]
    )
    func release(apis: [(Int16, Int16)], level: Int16?, expected: String?) {
        var response = ApiVersionsResponse()
        response.apiKeys = apis.map { .init(apiKey: APIKey(rawValue: $0.0), minVersion: 0, maxVersion: $0.1) }
        response.supportedFeatures =
            level.map { [.init(name: "metadata.version", minVersion: 1, maxVersion: $0)] } ?? []
        #expect(KafkaRelease.atLeast(response) == expected)
    }

    @Test("every kind of mismatch has its layer")
    func layers() {
        let watch = ProbeWatch()
        let none = ClientSecurity()
        let kinds: [(ListenerMismatch?, Finding.Layer)] = [
            (.tls, .tls), (.login, .sasl), (.http, .versions), (.controller, .versions), (nil, .tcp),
            (.security(SecurityFailure(.certificate, "x")), .tls),
            (.security(SecurityFailure(.clientCertificate, "x")), .tls),
            (.security(SecurityFailure(.mechanism, "x")), .sasl), (.security(SecurityFailure(.login, "x")), .sasl),
        ]
        for (mismatch, layer) in kinds { #expect(watch.layer(of: mismatch, none) == layer) }
        watch.connectionsReached(.opened)
        #expect(watch.layer(of: nil, none) == .versions)
        watch.connectionsReached(.versions(ApiVersionsResponse()))
        #expect(watch.layer(of: nil, none) == .sasl)
    }
}
