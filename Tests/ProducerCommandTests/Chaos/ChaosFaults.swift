// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import KafkaEmbeddedBroker
import KafkaProtocol

/// Random faults for a chaos case. Each one happens a bounded number of times, so that every run ends.
enum ChaosFaults {
    /// Errors after which the same batch is sent again.
    private static let retriable: [ErrorCode] = [
        .unknownTopicOrPartition, .leaderNotAvailable, .notLeaderOrFollower, .requestTimedOut, .notEnoughReplicas,
        .kafkaStorageError, .corruptMessage, .fencedLeaderEpoch, .replicaNotAvailable, .networkException,
    ]
    /// Errors after which it is not.
    private static let fatal: [ErrorCode] = [
        .topicAuthorizationFailed, .invalidRecord, .policyViolation, .unsupportedForMessageFormat, .invalidTimestamp,
        .unknownServerError, .recordListTooLarge,
    ]
    /// What brokers say of producers, here without any truth in it.
    private static let lies: [ErrorCode] = [
        .outOfOrderSequenceNumber, .unknownProducerID, .invalidProducerEpoch,
    ]

    /// The faults of a case.
    static func take(_ trouble: ChaosCase.Trouble, _ random: inout SplitMix64) -> [Fault] {
        (0..<Int.random(in: 5...25, using: &random)).map { _ in
            switch trouble {
            case .network: network(&random)
            case .hurry: Int.random(in: 0..<3, using: &random) == 0 ? standstill(&random) : network(&random)
            case .refusals: Bool.random(using: &random) ? refusal(&random) : harmless(&random)
            case .lies:
                switch Int.random(in: 0..<3, using: &random) {
                case 0: network(&random)
                case 1: refusal(&random)
                default: lie(&random)
                }
            }
        }
    }

    /// What loses no answer: the broker says what it did, sooner or later.
    private static func harmless(_ random: inout SplitMix64) -> Fault {
        switch Int.random(in: 0..<7, using: &random) {
        case 0: produce(.error(pick(retriable, &random)), &random)
        case 1: produce(.delay(milliseconds(1...30, &random)), &random)
        case 2: produce(.delayAnswer(milliseconds(1...30, &random)), &random)
        case 3: produce(.torn(bytes: Int.random(in: 1...40, using: &random), pause: .milliseconds(1)), &random)
        case 4: produce(.throttle(milliseconds(1...40, &random)), &random)
        case 5: produce(moveLeader(&random), &random)
        default:
            other(.error(pick([.leaderNotAvailable, .unknownTopicOrPartition], &random)), [.metadata], &random)
        }
    }

    /// What loses answers, connections and brokers.
    private static func network(_ random: inout SplitMix64) -> Fault {
        switch Int.random(in: 0..<16, using: &random) {
        case 0...4: harmless(&random)
        case 5: produce(.drop, &random)
        case 6: produce(.appendThenDrop, &random)
        case 7: produce(.halfAnswer, &random)
        case 8: produce(.wrongCorrelationID, &random)
        case 9: once(pick([.noAnswer, .delay(.milliseconds(400)), .delayAnswer(.milliseconds(400))], &random), &random)
        case 10: produce(.errorAfterAppend(pick([.notEnoughReplicasAfterAppend, .requestTimedOut], &random)), &random)
        case 11: once(.down(milliseconds(1...80, &random), keepingLeaders: Bool.random(using: &random)), &random)
        case 12: once(.refuseConnections(milliseconds(1...60, &random)), &random)
        case 13: Fault(.drop, to: .connection, when: when(&random), limit: 3, node: node(&random))
        case 14: other(pick([.drop, .halfAnswer, .wrongCorrelationID], &random), [.metadata, .apiVersions], &random)
        default: other(pick([.drop, .error(.coordinatorLoadInProgress)], &random), [.initProducerID], &random)
        }
    }

    /// What takes longer than a batch may live.
    private static func standstill(_ random: inout SplitMix64) -> Fault {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: once(.down(milliseconds(200...900, &random), keepingLeaders: true), &random)
        case 1: once(.noAnswer, &random)
        case 2: once(.delay(milliseconds(100...700, &random)), &random)
        default: Fault(.error(pick(retriable, &random)), to: .produce, limit: 30, partition: partition(&random))
        }
    }

    /// What fails batches and single records.
    private static func refusal(_ random: inout SplitMix64) -> Fault {
        switch Int.random(in: 0..<4, using: &random) {
        case 0, 1: produce(.error(pick(fatal, &random)), &random)
        case 2: produce(.error(.messageTooLarge), &random)
        default:
            Fault(.refuseRecords(containing: "\(Int.random(in: 10...99, using: &random)) "), to: .produce, limit: 40)
        }
    }

    private static func lie(_ random: inout SplitMix64) -> Fault {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: once(.forgetProducers(refusing: Bool.random(using: &random)), &random)
        case 1: produce(.error(pick(lies, &random)), &random)
        default: produce(.errorAfterAppend(pick(lies + fatal, &random)), &random)
        }
    }

    // MARK: Shapes

    /// Something that happens to some Produce requests.
    private static func produce(_ action: Fault.Action, _ random: inout SplitMix64) -> Fault {
        Fault(
            action,
            to: .produce,
            when: when(&random),
            limit: Int.random(in: 1...6, using: &random),
            node: node(&random),
            partition: Int.random(in: 0..<3, using: &random) == 0 ? partition(&random) : nil
        )
    }

    /// Something that costs time, and happens to one Produce request.
    private static func once(_ action: Fault.Action, _ random: inout SplitMix64) -> Fault {
        Fault(action, to: .produce, when: .nth(Int.random(in: 1...20, using: &random)), node: node(&random))
    }

    private static func other(_ action: Fault.Action, _ apis: [APIKey], _ random: inout SplitMix64) -> Fault {
        Fault(action, to: pick(apis, &random), when: .nth(Int.random(in: 1...3, using: &random)))
    }

    private static func when(_ random: inout SplitMix64) -> Fault.Occurrence {
        let first = Int.random(in: 1...20, using: &random)
        return switch Int.random(in: 0..<4, using: &random) {
        case 0: .nth(first)
        case 1: .range(first...first + Int.random(in: 0...4, using: &random))
        case 2: .every(Int.random(in: 2...10, using: &random))
        default: .chance(Double(Int.random(in: 2...30, using: &random)) / 100)
        }
    }

    private static func moveLeader(_ random: inout SplitMix64) -> Fault.Action {
        .moveLeader(
            to: node(&random),
            hints: Bool.random(using: &random),
            staleMetadata: Int.random(in: 0...3, using: &random)
        )
    }

    private static func node(_ random: inout SplitMix64) -> Int? {
        Bool.random(using: &random) ? nil : Int.random(in: 1...ChaosCase.brokers, using: &random)
    }

    private static func partition(_ random: inout SplitMix64) -> Int {
        Int.random(in: 0..<ChaosCase.partitions, using: &random)
    }

    private static func milliseconds(_ range: ClosedRange<Int>, _ random: inout SplitMix64) -> Duration {
        .milliseconds(Int.random(in: range, using: &random))
    }

    private static func pick<Element>(_ choices: [Element], _ random: inout SplitMix64) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }
}
