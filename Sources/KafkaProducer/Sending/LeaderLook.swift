// SPDX-License-Identifier: Apache-2.0

/// What a look through the queues found for one broker.
struct LeaderLook {
    let node: Int32
    /// The partitions with something in their queues, by their places in the sender's table.
    var indices: [Int] = []
    /// Whether one of them is a reason to send now.
    var isReady = false

    init(node: Int32) {
        self.node = node
    }
}
