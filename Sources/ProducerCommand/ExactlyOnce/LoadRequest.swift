// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// What a run is asked to load, as far as the position of an earlier one is compared with it.
struct LoadRequest: Equatable, Sendable {
    /// What an input is now.
    enum Input: Equatable, Sendable {
        /// A file of this size.
        case file(size: UInt64)
        /// What cannot be read again from any place.
        case stream
        /// A file that is not there yet, and waited for.
        case awaited

        var size: UInt64? { if case .file(let size) = self { size } else { nil } }
    }

    var topic: String
    var topicID = TopicID.zero
    /// Stands for all options that decide what the records are.
    var options: UInt32
    var names: [String]
    var inputs: [Input]
    /// Whether the last input's end is waited out.
    var follows = false

    /// CRC-32C of the first so many names.
    func checksum(ofFirst count: Int) -> UInt32 {
        let text = names.prefix(count).joined(separator: "\u{0}")
        return unsafe CRC32C.checksum(of: Array(text.utf8).span.bytes)
    }
}
