// SPDX-License-Identifier: Apache-2.0

/// Why a load may not begin: what is stored under its name does not go with what the run is asked to do.
enum LoadRefusal: Error, Equatable, Sendable {
    /// What shows that the load has been here, though its position is gone.
    enum Witness: Equatable, Sendable {
        case note
        case transactionalID
    }

    case otherTopic(String)
    case topicMadeAnew
    case otherOptions
    case fewerInputs(before: Int, now: Int)
    case otherNames
    case finishedInputsChanged(before: UInt64, now: UInt64)
    case shrunk(String, committed: UInt64, size: UInt64)
    case otherBeginning(String)
    case otherKind(String)
    case lost(Witness)
    case unreadable(offset: Int64, metadata: String)
    /// The first bytes of what cannot be read again are others than last time.
    case otherStream(String, committed: UInt64)
    /// It has ended before the place where the load goes on.
    case shorterStream(String, committed: UInt64, size: UInt64)

    /// One line for a person: what differs, and what to do.
    func line(name: LoadName, topic: String) -> String {
        "\(LoadName.option) \(name): \(reason(topic)); nothing was sent. \(advice(name))"
    }

    private func reason(_ topic: String) -> String {
        switch self {
        case .otherTopic(let other): "the load of this name goes to topic \(other)"
        case .topicMadeAnew: "topic \(topic) was deleted and made anew since, so that what was committed is not in it"
        case .otherOptions: "the options part the input into other records than those of the load of this name"
        case .fewerInputs(let before, let now): "the load of this name has \(before) inputs, and now there are \(now)"
        case .otherNames: "the load of this name has other inputs, or another order of them"
        case .finishedInputsChanged(let before, let now):
            "the inputs before the one that is read had \(NumberText.grouped(before)) bytes together, and now have "
                + NumberText.grouped(now)
        case .shrunk(let input, let committed, let size):
            "\(input) is committed to byte \(NumberText.grouped(committed)), and has shrunk to \(NumberText.grouped(size))"
        case .otherBeginning(let input): "\(input) is another file than the one that was read: its beginning differs"
        case .otherKind(let input): "\(input) is not what it was: a file then and a pipe now, or the other way round"
        case .lost(.note): "a note on this machine says that the load was at work, but its position is gone"
        case .lost(.transactionalID):
            "its transactional id was used before, but there is no position: an earlier run died before its first commit, or "
                + "the position was deleted or has expired (7 days after the last commit, unless the brokers say otherwise)"
        case .unreadable(let offset, let metadata):
            "its group has the offset \(offset) with \"\(metadata.prefix(40))\", which this version does not understand"
        case .otherStream(let input, let committed):
            "the first \(NumberText.grouped(committed)) bytes of \(input) are others than those that are committed"
        case .shorterStream(let input, let committed, let size):
            "\(NumberText.grouped(committed)) bytes of \(input) are committed, and now it has ended after "
                + NumberText.grouped(size)
        }
    }

    private func advice(_ name: LoadName) -> String {
        switch self {
        case .lost:
            "See in the topic whether records of it are there, as a reader with isolation.level=read_committed; with "
                + "--from-start the load begins anew, and what is there is sent again"
        case .otherStream, .shorterStream:
            "Give it the same bytes from their beginning; or begin anew after kafka-producer exactly-once forget \(name)"
        default:
            "Choose another name for another load; to begin this one anew: kafka-producer exactly-once forget \(name)"
        }
    }
}
