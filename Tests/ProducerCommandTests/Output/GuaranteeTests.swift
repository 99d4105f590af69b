// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

@testable import ProducerCommand

/// What `-v` says about how often a record may be stored.
@Suite("Guarantee")
struct GuaranteeTests {
    private func guarantee(_ change: (inout ProducerConfiguration) -> Void) -> Guarantee {
        var configuration = ProducerConfiguration(bootstrapServers: [BootstrapServer(host: "h", port: 1)])
        change(&configuration)
        return Guarantee(configuration)
    }

    private let once =
        "guarantee: each record once and in order within its partition (enable.idempotence=true, acks=all)"

    @Test("with idempotence, as by default, each record is stored once and in order")
    func exactlyOnce() {
        let settings: [(inout ProducerConfiguration) -> Void] = [
            { _ in }, { $0.idempotence = .required }, { $0.maxInFlightRequestsPerConnection = 1 }, { $0.retries = 1 },
        ]
        for setting in settings {
            let guarantee = guarantee(setting)
            #expect(guarantee.delivery == .exactlyOncePerPartition && guarantee.description == once)
        }
    }

    @Test("with acks=0 nothing more is promised than that the leader took it, whatever retries and idempotence are")
    func acksNone() {
        for (retries, idempotence) in [(0, Idempotence.automatic), (9, .automatic), (9, .off)] {
            let guarantee = guarantee { ($0.acks, $0.retries, $0.idempotence) = (.none, retries, idempotence) }
            #expect(guarantee.delivery == .atMostOnce)
            #expect(
                guarantee.description
                    == "guarantee: at most once; a record counts as delivered once the leader has answered something "
                    + "later on the connection, and is lost if that leader fails then (acks=0)"
            )
        }
    }

    @Test("with retries=0 nothing is sent again, which turns idempotence off")
    func noRetries() {
        let all = guarantee { $0.retries = 0 }
        #expect(all.delivery == .atMostOnce)
        #expect(all.description == "guarantee: at most once; what fails is not sent again (retries=0)")
        let leader = guarantee { ($0.retries, $0.acks) = (0, .leader) }
        #expect(leader.delivery == .atMostOnce)
        #expect(leader.description == all.description + "; what only a leader has is lost if it fails (acks=1)")
    }

    @Test("without idempotence a retry may store twice, and change the order if several requests are in flight")
    func atLeastOnce() {
        let several = guarantee { $0.idempotence = .off }
        #expect(several.delivery == .atLeastOnce)
        #expect(
            several.description
                == "guarantee: at least once; a retry may store a record twice or behind later ones "
                + "(enable.idempotence=false, max.in.flight.requests.per.connection=5)"
        )
        let one = guarantee { ($0.idempotence, $0.maxInFlightRequestsPerConnection) = (.off, 1) }
        #expect(one.delivery == .atLeastOnce)
        #expect(
            one.description == "guarantee: at least once; a retry may store a record twice (enable.idempotence=false)"
        )
    }

    @Test("with acks=1, which turns idempotence off, a record is as safe as the one leader that has it")
    func acksLeader() {
        let guarantee = guarantee { ($0.acks, $0.maxInFlightRequestsPerConnection) = (.leader, 1) }
        #expect(guarantee.delivery == .atLeastOnceByLeader)
        #expect(
            guarantee.description
                == "guarantee: at least once; a retry may store a record twice (enable.idempotence=false); what only "
                + "a leader has is lost if it fails (acks=1)"
        )
    }
}
