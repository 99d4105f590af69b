// SPDX-License-Identifier: Apache-2.0

/// The id and the epoch by which a producer says who it is.
struct ProducerIdentity: Hashable {
    /// What stands for no epoch.
    static let noEpoch: Int16 = -1
    /// What stands for no id.
    static let noID: Int64 = -1
    /// The last epoch that a producer is given. The one after it is for markers alone.
    static let lastEpoch: Int16 = .max - 1

    var id: Int64
    var epoch: Int16

    init(_ id: Int64, _ epoch: Int16) {
        self.id = id
        self.epoch = epoch
    }

    /// Nobody, as responses with an error say it.
    static let none = ProducerIdentity(noID, noEpoch)

    /// Whether the next epoch needs another id.
    var isUsedUp: Bool { epoch >= Self.lastEpoch }
}
