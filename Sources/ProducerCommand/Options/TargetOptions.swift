// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Platform

/// Where records go.
struct TargetOptions: ParsableArguments {
    @Option(
        name: [.customShort("t"), .customLong("topic")],
        help: ArgumentHelp("The topic to send to.", valueName: "topic")
    )
    var topic: String?

    @Option(
        name: [.customShort("p"), .customLong("partition")],
        parsing: .unconditional,
        help: ArgumentHelp("The partition for every record; without it the partitioner chooses.", valueName: "number")
    )
    var partition: Int32?

    @Option(
        help: ArgumentHelp(
            "Start a broker in this process that stores into DIRECTORY, and send to it.",
            valueName: "directory"
        ),
        completion: .directory
    )
    var embedded: String?

    /// The topic, which there has to be. `files` are the arguments that are no options.
    /// Empty when there is none and none `isNeeded`.
    func topicName(_ files: [String], isNeeded: Bool = true) throws(UsageError) -> String {
        guard let topic else {
            guard isNeeded else { return "" }
            // Reported after unknown options: `--topci t` is no missing topic.
            if let file = files.first, file != "-", unsafe access(file, F_OK) != 0 {
                throw UsageError("\"\(file)\" is neither a command nor a file, and there is no --topic to send to")
            }
            throw UsageError("there is no --topic to send to: kafka-producer --topic TOPIC [FILE ...]")
        }
        try TopicName.check(topic)
        return topic
    }

    /// Throws what is wrong with the other options, beside those of the connection. `files` are the arguments that are no
    /// options.
    func check(_ files: [String], _ connection: ConnectionOptions, _ names: TypedNames) throws(UsageError) {
        if let partition, partition < 0 {
            let option = names.name(of: "-p")
            throw UsageError(
                "\(option) \(partition): partitions are numbered from 0; leave \(option) out to let the partitioner choose"
            )
        }
        if embedded != nil, connection.bootstrapServers != nil {
            let option = names.name(of: "-b")
            throw UsageError("--embedded starts a broker of its own, and \(option) names another: use one of them")
        }
        try InputSource.check(files)
        try connection.check(files, names)
    }
}
