// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol

/// What a person reads when a load that is sent exactly once cannot go on: a value.
struct LoadFailure {
    let name: LoadName
    let topic: String

    /// What has happened.
    func line(on error: ProducerError, uncommitted: UInt64) -> String {
        switch error.code {
        case .fenced: "another run of \(LoadName.option) \(name) took over: \(error.message)"
        case .commitUnknown:
            "it is unknown whether the last \(NumberText.grouped(uncommitted)) records are in (\(error.message)); run the "
                + "same command again, which finds out"
        case .broker(let code): missingRight(code, error) ?? Summary.line(for: error)
        default: Summary.line(for: error)
        }
    }

    /// What follows for the next run.
    func advice(on error: ProducerError, place: String) -> String {
        error.code == .commitUnknown
            ? "everything before \(place) is committed; the same command goes on where the brokers say"
            : "everything before \(place) is committed, nothing from there on; the same command goes on there"
    }

    /// Which right is missing, and to what; nil when something else is wrong.
    private func missingRight(_ code: ErrorCode, _ error: ProducerError) -> String? {
        let acl = "kafka-acls --add --allow-principal User:NAME"
        switch code {
        case .transactionalIDAuthorizationFailed:
            return
                "the right to Write to the transactional id \(name.transactionalID) is missing (\(code.name)): \(acl) "
                + "--operation Write --transactional-id \(name.transactionalID)"
        case .groupAuthorizationFailed:
            return "the right to Read the group \(name.transactionalID), which has the load's position, is missing "
                + "(\(code.name)): \(acl) --operation Read --group \(name.transactionalID)"
        case .topicAuthorizationFailed where error.partition == nil:
            return
                "the right to Read the topic \(topic) is missing (\(code.name)), which brokers ask for where an offset is "
                + "committed: \(acl) --operation Read --topic \(topic)"
        default: return nil
        }
    }
}
