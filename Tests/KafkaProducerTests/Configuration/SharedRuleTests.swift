// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

/// The rules between settings that hold for files and for configurations made in code: the same verdict on both.
@Suite("Rules of files and of code")
struct SharedRuleTests {
    struct Case: CustomTestStringConvertible {
        var idempotence: Idempotence
        var acks: Acks
        var retries: Int
        var inFlight: Int
        var transactionalID: String?

        static let all: [Case] = [Idempotence.automatic, .required, .off].flatMap { idempotence in
            [Acks.all, .leader, .none].flatMap { acks in
                [0, 1].flatMap { retries in
                    [5, 6].flatMap { inFlight in
                        [nil, "mine"].map { Case(idempotence, acks, retries, inFlight, $0) }
                    }
                }
            }
        }

        private init(_ idempotence: Idempotence, _ acks: Acks, _ retries: Int, _ inFlight: Int, _ id: String?) {
            self.idempotence = idempotence
            self.acks = acks
            self.retries = retries
            self.inFlight = inFlight
            transactionalID = id
        }

        var text: String {
            var lines = ["acks=\(acks.rawValue)", "retries=\(retries)"]
            lines.append("max.in.flight.requests.per.connection=\(inFlight)")
            if idempotence != .automatic { lines.append("enable.idempotence=\(idempotence == .required)") }
            if let transactionalID { lines.append("transactional.id=\(transactionalID)") }
            return lines.joined(separator: "\n")
        }

        var made: ProducerConfiguration {
            var made = ProducerConfiguration(bootstrapServers: [BootstrapServer(host: "localhost", port: 9092)])
            made.idempotence = idempotence
            made.acks = acks
            made.retries = retries
            made.maxInFlightRequestsPerConnection = inFlight
            made.transactionalID = transactionalID
            return made
        }

        var testDescription: String { text.split(separator: "\n").joined(separator: ", ") }
    }

    private func fault(_ body: () throws(ConfigurationError) -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return error.javaMessage
        }
    }

    @Test("idempotence beside acks, retries and requests in flight has one verdict", arguments: Case.all)
    func idempotence(sample: Case) throws {
        let text = sample.text
        let ofFile = fault { () throws(ConfigurationError) in _ = try ProducerConfiguration(text: text) }
        let made = sample.made
        let ofCode = fault { () throws(ConfigurationError) in try made.validate() }
        #expect(ofFile == ofCode)
        guard ofFile == nil else { return }
        let read = try ProducerConfiguration(text: text)
        #expect(read.isIdempotenceEnabled == made.isIdempotenceEnabled)
        #expect(read.idempotence == made.idempotence)
        #expect(read.effective("enable.idempotence") == made.effective("enable.idempotence"))
    }

    @Test(
        "a delivery timeout is long enough, or not, in both",
        arguments: [(4, 30_000, 30_004), (5, 30_000, 30_004), (0, 1, 0), (0, 0, 0), (2_147_483_647, 1, 2_147_483_647)]
    )
    func deliveryTimeout(linger: Int, request: Int, delivery: Int) {
        let text = "linger.ms=\(linger)\nrequest.timeout.ms=\(request)\ndelivery.timeout.ms=\(delivery)"
        var made = ProducerConfiguration(bootstrapServers: [BootstrapServer(host: "localhost", port: 9092)])
        made.linger = .milliseconds(linger)
        made.requestTimeout = .milliseconds(request)
        made.deliveryTimeout = .milliseconds(delivery)
        let ofFile = fault { () throws(ConfigurationError) in _ = try ProducerConfiguration(text: text) }
        let ofCode = fault { [made] () throws(ConfigurationError) in try made.validate() }
        #expect(ofFile == ofCode)
        #expect((ofCode == nil) == (delivery >= min(linger + request, 2_147_483_647)))
    }
}
