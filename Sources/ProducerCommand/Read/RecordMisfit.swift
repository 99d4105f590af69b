// SPDX-License-Identifier: Apache-2.0

/// A record that cannot be written as the layout of `-f` has it.
struct RecordMisfit: Error, Equatable, Sendable {
    var partition: Int32
    var offset: Int64
    var reason: String

    /// What a person is told.
    func line(of topic: String) -> String {
        "the record at offset \(offset) of \(topic)-\(partition) cannot be printed as -f has it: it has \(reason); a layout with "
            + "sizes such as {big32} fits every record"
    }
}
