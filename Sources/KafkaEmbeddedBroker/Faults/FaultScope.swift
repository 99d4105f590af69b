// SPDX-License-Identifier: Apache-2.0

/// The part of a request that a fault is for.
struct FaultScope: Hashable {
    var topic: String?
    var partition: Int32?

    init(_ fault: Fault) {
        topic = fault.topic
        partition = fault.partition.map { Int32(clamping: $0) }
    }

    /// Whether it is the whole request.
    var isEverything: Bool { topic == nil && partition == nil }

    /// Whether this partition is within it; nil for a topic as a whole, of which any partition may be meant.
    func covers(topic: String, partition: Int32?) -> Bool {
        guard self.topic == nil || self.topic == topic else { return false }
        guard let wanted = self.partition, let partition else { return true }
        return wanted == partition
    }
}
