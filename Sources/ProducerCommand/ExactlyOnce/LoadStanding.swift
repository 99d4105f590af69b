// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Where a load stands, as `exactly-once show` prints it.
struct LoadStanding: Equatable, Sendable, Encodable {
    /// What became of the load.
    enum State: String, Equatable, Sendable, Encodable {
        /// Its inputs were read to their ends; they may have grown since.
        case done
        case unfinished
        /// `exactly-once forget` was here.
        case forgotten
        /// What is stored was not written by this version of the command.
        case unreadable
    }

    let name: String
    let topic: String
    let state: State
    /// Bytes of all inputs that are committed: the group's offset.
    let bytes: Int64
    /// Records of all inputs that are committed, or left out.
    private(set) var records: UInt64?
    /// The input that is read.
    private(set) var file: String?
    /// Its number, from 1, and how many there are.
    private(set) var input: Int?
    private(set) var inputs: Int?
    /// What is committed of that input.
    private(set) var bytesOfFile: UInt64?
    private(set) var recordsOfFile: UInt64?
    /// What is left of it; nil when it is not a file that is here.
    private(set) var bytesLeft: UInt64?
    /// When that was committed, in milliseconds since 1970.
    private(set) var committed: Int64?

    /// Reads what a group has committed.
    ///
    /// - Parameters:
    ///   - position: What is stored.
    ///   - name: The load.
    ///   - size: The size of a file by its path, nil when there is none.
    init(_ position: GroupPosition, of name: LoadName, size: (String) -> UInt64?) {
        self.name = name.description
        topic = position.topic
        bytes = position.offset
        switch StoredPosition.read(position) {
        case .position(let load):
            state = load.isDone ? .done : .unfinished
            records = load.records
            file = load.path
            (input, inputs) = (load.input + 1, load.inputCount)
            (bytesOfFile, recordsOfFile) = (load.place, load.recordsInInput)
            committed = load.time
            if case .file = load.fingerprint { bytesLeft = size(load.path).map { $0 - min($0, load.place) } }
        case .forgotten: state = .forgotten
        case .none, .unreadable, .elsewhere: state = .unreadable
        }
    }

    /// The same for a person.
    var text: String {
        var lines = ["load         \(name)", "topic        \(topic)", "state        \(state.rawValue)"]
        if let records {
            lines.append("committed    \(NumberText.grouped(records)) records, \(bytes) bytes of all inputs")
        }
        if let file, let input, let inputs, let bytesOfFile, let recordsOfFile {
            lines.append("input        \(file) (\(input) of \(inputs))")
            lines.append("place        byte \(bytesOfFile), after \(NumberText.grouped(recordsOfFile)) of its records")
            lines.append("left         " + (bytesLeft.map { "\($0) bytes of it" } ?? "not known here"))
        }
        if let committed { lines.append("last commit  \(TimeText.iso8601(milliseconds: committed))") }
        return lines.joined(separator: "\n") + "\n"
    }
}
