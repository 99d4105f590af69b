// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// What consumers say to the leader of their group, as far as a broker looks into it: the topics.
enum ConsumerSubscription {
    /// What consumers call the kind of their groups.
    static let protocolType = "consumer"

    /// The topics: an int16 with the version, an int32 with their number, and each of them behind an int16 with its length.
    /// Empty when it cannot be read.
    static func topics(in metadata: ByteBuffer) -> [String] {
        var rest = metadata
        guard rest.readInteger(as: Int16.self) != nil, let count = rest.readInteger(as: Int32.self) else { return [] }
        var topics: [String] = []
        for _ in 0..<max(0, count) {
            guard let length = rest.readInteger(as: Int16.self), length >= 0,
                let topic = rest.readString(length: Int(length))
            else { return [] }
            topics.append(topic)
        }
        return topics
    }
}
