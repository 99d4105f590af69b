// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// What the leader of a group of consumers tells a member, as far as a broker looks into it: what it reads.
enum ConsumerAssignment {
    /// A line such as `orders 0,1` a topic. An int16 with the version, an int32 with the number of topics, and of each topic its
    /// name behind an int16 with its length, and its partitions behind an int32 with their number. Empty when it cannot be read.
    static func partitions(in assignment: ByteBuffer) -> [String] {
        var rest = assignment
        guard rest.readInteger(as: Int16.self) != nil, let count = rest.readInteger(as: Int32.self) else { return [] }
        var lines: [String] = []
        for _ in 0..<max(0, count) {
            guard let length = rest.readInteger(as: Int16.self), length >= 0,
                let topic = rest.readString(length: Int(length)), let partitions = rest.readInteger(as: Int32.self)
            else { return [] }
            var indexes: [String] = []
            for _ in 0..<max(0, partitions) {
                guard let index = rest.readInteger(as: Int32.self) else { return [] }
                indexes.append("\(index)")
            }
            lines.append("\(topic) \(indexes.joined(separator: ","))")
        }
        return lines
    }
}
