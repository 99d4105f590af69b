// SPDX-License-Identifier: Apache-2.0

/// What `kafka-producer broker ctl` asks of a running cluster: one line of words.
enum ControlCommand: Equatable {
    case status
    case stop(Int)
    case kill(Int)
    case start(Int)
    case freeze(Int)
    case thaw(Int)
    case part(Int, from: [Int])
    case heal
    /// The first replica leads again: of all partitions, of a topic, or of one partition.
    case elect(topic: String?, partition: Int?)
    /// Any replica that runs leads a partition without a leader.
    case electUnclean(topic: String, partition: Int)

    /// Reads a line.
    init(parsing line: String) throws(EmbeddedBrokerError) {
        var words = line.split(whereSeparator: \.isWhitespace).map(String.init)[...]
        let verb = words.popFirst() ?? ""
        switch verb {
        case "status": self = .status
        case "stop": self = .stop(try Self.node(&words, verb))
        case "kill": self = .kill(try Self.node(&words, verb))
        case "start": self = .start(try Self.node(&words, verb))
        case "freeze": self = .freeze(try Self.node(&words, verb))
        case "thaw": self = .thaw(try Self.node(&words, verb))
        case "heal": self = .heal
        case "part":
            let node = try Self.node(&words, verb)
            var others: [Int] = []
            while !words.isEmpty { others.append(try Self.node(&words, verb)) }
            self = .part(node, from: others)
        case "elect":
            let isUnclean = words.first == "unclean"
            if isUnclean { words.removeFirst() }
            let topic = words.popFirst()
            let partition = words.isEmpty ? nil : try Self.node(&words, "elect \(topic ?? "")")
            guard isUnclean else {
                self = .elect(topic: topic, partition: partition)
                break
            }
            guard let topic, let partition else {
                throw Self.objection("elect unclean takes a topic and a partition")
            }
            self = .electUnclean(topic: topic, partition: partition)
        default: throw Self.objection("\"\(verb)\" is none of \(Self.verbs)")
        }
        if let word = words.first { throw Self.objection("\"\(word)\" follows where the command should end") }
    }

    static let verbs = "status, stop, kill, start, freeze, thaw, part, heal and elect"

    private static func node(_ words: inout ArraySlice<String>, _ verb: String) throws(EmbeddedBrokerError) -> Int {
        guard let word = words.popFirst() else { throw objection("\(verb) takes a number, as of a broker") }
        guard let number = Int(word), number >= 0 else { throw objection("\(verb): \"\(word)\" is no number") }
        return number
    }

    private static func objection(_ text: String) -> EmbeddedBrokerError {
        EmbeddedBrokerError(.invalidConfiguration, text)
    }
}
