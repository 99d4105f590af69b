// SPDX-License-Identifier: Apache-2.0

/// Whose offsets a transaction commits: a consumer group, and the member of it that has read the records.
public struct ConsumerGroupMember: Sendable, Hashable {
    /// The group's name. Kafka's `group.id`.
    public var group: String
    /// The generation that the member knows, or -1 for offsets that no member commits.
    public var generation: Int32
    /// The member's id, or an empty string.
    public var memberID: String
    /// The name of a static member, or nil. Kafka's `group.instance.id`.
    public var instanceID: String?

    /// A group, without a member: its offsets are taken without a check of who has them.
    public init(_ group: String) { self.init(group, generation: -1, memberID: "", instanceID: nil) }

    /// A member of a group. The coordinator refuses its offsets once the group has gone on without it (KIP-447).
    public init(_ group: String, generation: Int32, memberID: String, instanceID: String? = nil) {
        self.group = group
        self.generation = generation
        self.memberID = memberID
        self.instanceID = instanceID
    }

    /// Whether a member is named beside the group.
    var namesMember: Bool { generation >= 0 || !memberID.isEmpty || instanceID != nil }
}
