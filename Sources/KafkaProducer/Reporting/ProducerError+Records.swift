// SPDX-License-Identifier: Apache-2.0

extension ProducerError {
    /// A record that no batch can hold. The command says the same of a line that it refuses itself.
    static func recordTooLarge(topic: String, size: Int, limit: Int, setting: String) -> ProducerError {
        ProducerError(
            .recordTooLarge,
            topic: topic,
            message: "the record of \(size) bytes is larger than \(setting)=\(limit) allows; raise \(setting)"
                + (setting == "max.request.size" ? ", and the topic's max.message.bytes" : "")
        )
    }

    /// A record for a partition that its topic does not have.
    static func unknownPartition(_ partition: Int32, of topic: String, absence: String) -> ProducerError {
        ProducerError(.unknownPartition, topic: topic, partition: partition, message: absence)
    }
}

extension RecordAppender {
    /// What `send` would throw for a record that can never be sent; `nil` for one that can.
    ///
    /// - Parameter outcome: what appending the record came to.
    /// - Returns: the error, with topic and partition.
    public func error(of outcome: Outcome) -> ProducerError? {
        switch outcome {
        case .appended, .full: nil
        case .tooLarge(let size, let limit, let setting):
            .recordTooLarge(topic: topic, size: size, limit: limit, setting: setting)
        case .noSuchPartition(let partition):
            .unknownPartition(partition, of: topic, absence: absence(ofPartition: partition))
        case .partitionStopped(let partition): .stopped(topic: topic, partition: partition)
        }
    }
}
