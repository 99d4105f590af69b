// SPDX-License-Identifier: Apache-2.0

/// That partitions in the producer's rack can be preferred only where that rack is known (KIP-1123).
enum RackRule {
    static let key = "partitioner.rack.aware"
    static let message =
        "partitioner.rack.aware=true needs client.rack, the rack that the producer is in, as broker.rack names those of "
        + "brokers"

    /// Whether the two settings go together.
    static func allows(isRackAware: Bool, rack: String) -> Bool {
        !isRackAware || !rack.allSatisfy(\.isWhitespace)
    }
}
