// SPDX-License-Identifier: Apache-2.0

/// What a client may do to a topic or to the cluster: a bit for each of Kafka's operations (KIP-430).
package struct AuthorizedOperations: OptionSet, Sendable, Equatable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// As brokers tell it; nil for the number that means that they do not.
    package init?(_ bits: Int32) {
        guard bits != .min else { return nil }
        rawValue = UInt32(bitPattern: bits)
    }

    package static let all = AuthorizedOperations(rawValue: 1 << 2)
    package static let read = AuthorizedOperations(rawValue: 1 << 3)
    package static let write = AuthorizedOperations(rawValue: 1 << 4)
    package static let create = AuthorizedOperations(rawValue: 1 << 5)
    package static let delete = AuthorizedOperations(rawValue: 1 << 6)
    package static let alter = AuthorizedOperations(rawValue: 1 << 7)
    package static let describe = AuthorizedOperations(rawValue: 1 << 8)
    package static let clusterAction = AuthorizedOperations(rawValue: 1 << 9)
    package static let describeConfigs = AuthorizedOperations(rawValue: 1 << 10)
    package static let alterConfigs = AuthorizedOperations(rawValue: 1 << 11)
    package static let idempotentWrite = AuthorizedOperations(rawValue: 1 << 12)

    /// Whether an operation is among them, by itself or since all are.
    package func allow(_ operation: AuthorizedOperations) -> Bool { contains(operation) || contains(.all) }

    private static let names: [(AuthorizedOperations, String)] = [
        (.all, "All"), (.read, "Read"), (.write, "Write"), (.create, "Create"), (.delete, "Delete"), (.alter, "Alter"),
        (.describe, "Describe"), (.clusterAction, "ClusterAction"), (.describeConfigs, "DescribeConfigs"),
        (.alterConfigs, "AlterConfigs"), (.idempotentWrite, "IdempotentWrite"),
    ]

    /// Kafka's names, `none` for none.
    package var text: String {
        let known = Self.names.filter { contains($0.0) }.map(\.1)
        return known.isEmpty ? "none" : known.joined(separator: ", ")
    }
}
