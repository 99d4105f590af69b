// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Platform
import Synchronization

/// A file on this machine that only one run of a load holds at a time, and that notes after each commit where the load is: a
/// second witness, since a group forgets a position after 7 days.
final class LoadNote: Sendable {
    let path: String
    private let descriptor: Int32
    /// What it said when it was opened; nil when it said nothing.
    let earlier: String?

    /// Opens and locks the note of a load.
    ///
    /// - Throws: When another process holds it, or the file cannot be made.
    init(_ name: LoadName, cluster: String?, _ environment: some ConfigurationEnvironment) throws(UsageError) {
        let folder = try Self.folder(cluster: cluster, environment)
        path = "\(folder)/\(name)"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.failure("write", path, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw UsageError(
                "\(LoadName.option) \(name): another kafka-producer is at work with it on this machine (\(path))"
            )
        }
        let bytes = FilePart(of: descriptor, at: 0, count: 4096).bytes
        earlier = bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    deinit { close(descriptor) }

    /// Notes where the load is. What cannot be noted is only a witness less.
    func write(_ position: LoadPosition, topic: String) {
        write("kafka-producer exactly-once\ntopic \(topic)\noffset \(position.bytes)\n\(position.text)\n")
    }

    /// Has the note say nothing.
    func forget() { write("") }

    private func write(_ text: String) {
        var bytes = Array(text.utf8)
        let count = bytes.count
        guard unsafe pwrite(descriptor, &bytes, count, 0) == count else { return }
        _ = ftruncate(descriptor, off_t(count))
    }

    /// Where the notes of a cluster are, made if need be.
    private static func folder(cluster: String?, _ environment: some ConfigurationEnvironment) throws(UsageError)
        -> String
    {
        let state: String
        if let given = environment.variable(named: "XDG_STATE_HOME"), given.hasPrefix("/") {
            state = given
        } else if let home = environment.variable(named: "HOME"), home.hasPrefix("/") {
            state = home + "/.local/state"
        } else {
            throw UsageError("\(LoadName.option) keeps a note in HOME/.local/state: set HOME or XDG_STATE_HOME")
        }
        // An id is from a broker: nothing in it may lead elsewhere.
        let id = (cluster ?? "").utf8.map { byte in
            let isPlain =
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_")
            return isPlain ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16)
        }.joined()
        var folder = ""
        for part in "\(state)/kafka-producer/exactly-once/cluster-\(id.prefix(200))".split(separator: "/") {
            folder += "/\(part)"
            guard unsafe mkdir(folder, 0o777) != 0, errno != EEXIST else { continue }
            guard unsafe access(folder, F_OK) != 0 else { continue }
            throw failure("make", folder, errno)
        }
        return folder
    }

    private static func failure(_ verb: String, _ path: String, _ code: Int32) -> UsageError {
        UsageError(
            "\(LoadName.option): cannot \(verb) \(path), where the load is noted: \(SystemError.text(code)); set "
                + "XDG_STATE_HOME to a folder that can be written"
        )
    }
}
