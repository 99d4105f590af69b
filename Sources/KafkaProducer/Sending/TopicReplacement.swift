// SPDX-License-Identifier: Apache-2.0

/// A topic that was deleted and made again, from the moment when this was learned until its old queues are empty.
///
/// What happens in between, in this order:
/// 1. The appending side sees the new queues. The old ones are retired: they take nothing but what a thread appends to a
///    batch that it has in hand.
/// 2. Nothing of the old queues is sent any more, and nothing of the new ones yet. What is in flight is answered: it was
///    stored in time, or comes back to the front of its old queue.
/// 3. Once the old queues have nothing but sealed batches, all of these get partitions of the new topic, oldest first, and
///    go in front of what the new queues have by now. So no record overtakes an older one of its key.
/// 4. The new queues are sent, under sequences that begin at 0 in a new epoch: a request that was under way to the old
///    topic may have been stored in the new one, which then knows numbers of the old epoch.
struct TopicReplacement {
    /// The places of the old queues in the sender's table.
    var retired: [Int] = []
}
