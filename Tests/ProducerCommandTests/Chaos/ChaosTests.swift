// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import NIOCore
import Testing

/// The built command into embedded brokers that go wrong in every way, by a seed. Afterwards their logs are read back.
///
/// `CHAOS_SEEDS=N` tries so many seeds, `CHAOS_FIRST=N` begins with another one, and `CHAOS_SECURED=1` has all of them over
/// SASL_SSL; `Scripts/chaos` sets them.
@Suite("Chaos in embedded brokers", .takesTurns, .timeLimit(.minutes(60)))
struct ChaosTests {
    private static let seeds: Range<UInt64> = {
        let first = number("CHAOS_FIRST") ?? 1
        return first..<first + (number("CHAOS_SEEDS") ?? 20)
    }()

    private static func number(_ variable: String) -> UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
    }

    private static let isSecured = number("CHAOS_SECURED") == 1

    @Test(
        "every record is accounted for, and stored as its guarantee says",
        arguments: seeds.map { ChaosCase(seed: $0, isSecured: isSecured) }
    )
    func chaos(chaos: ChaosCase) async throws {
        let folder = try TemporaryDirectory()
        let (receipts, letters) = (folder.path + "/receipts", folder.path + "/letters")
        let log = BrokerLog()
        var configuration = chaos.configuration
        let login = try chaos.security.map { try secure(&configuration, $0, in: folder) } ?? []
        let broker = try await EmbeddedBroker.start(configuration, logger: log.logger)
        let finished = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "--receipts", receipts, "--dead-letter", letters] + login + chaos.arguments,
            input: .text(chaos.lines.text),
            limit: .seconds(120)
        )
        let account = try RunAccount(finished, receipts: receipts, letters: letters)
        let performed = await broker.performedFaults
        try await broker.recover(brokers: ChaosCase.brokers)
        let stored = StoredLines(try await records(of: broker), of: chaos.lines)
        let cutOff = await broker.recordsCutOff
        await broker.stop()
        let objections = ChaosVerdict.objections(
            chaos.guarantee,
            mayFail: chaos.mayFail,
            cutOff: chaos.acks == "all" ? 0 : cutOff,
            account,
            stored,
            chaos.lines
        )
        let happened = performed.filter { $0.count > 0 }.map { "\($0.count) times \($0.fault)" }
        #expect(
            objections == [],
            """
            \(chaos.description)
            happened: \(happened.joined(separator: "; "))
            \(finished.errorText)
            \(log.text)
            """
        )
    }

    /// Secures the brokers; returns the client's options for them.
    private func secure(
        _ configuration: inout EmbeddedBroker.Configuration,
        _ security: ChaosSecurity,
        in folder: TemporaryDirectory
    ) throws -> [String] {
        let authority = try CertificateAuthority()
        configuration.security = security.listener(try authority.server(hosts: ["localhost", "127.0.0.1"]))
        let trusted = try folder.write(authority.identity.certificate, to: "ca.pem")
        return ["-c", try folder.write(security.properties(trusting: trusted), to: "client.properties")]
    }

    private func records(of broker: EmbeddedBroker) async throws -> [StoredRecord] {
        var records: [StoredRecord] = []
        for partition in 0..<ChaosCase.partitions {
            records += try await broker.records(topic: ChaosCase.topic, partition: partition).map { record in
                StoredRecord(
                    partition: Int32(partition),
                    offset: record.offset,
                    timestamp: record.timestamp,
                    key: record.key.map { Data($0.readableBytesView) },
                    value: record.value.map { Data($0.readableBytesView) }
                )
            }
        }
        return records
    }
}
