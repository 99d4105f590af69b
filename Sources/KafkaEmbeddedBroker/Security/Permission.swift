// SPDX-License-Identifier: Apache-2.0

/// What a user may do: Kafka's ACL in one line, such as `User:alice Write Topic:orders-*`.
public struct Permission: Sendable, Hashable {
    /// What can be allowed.
    @nonexhaustive
    public enum Operation: String, Sendable, Hashable, CaseIterable {
        /// Each of the others.
        case all = "All"
        /// To read records.
        case read = "Read"
        /// To write records.
        case write = "Write"
        /// To make a topic, or any topic with the right for the cluster.
        case create = "Create"
        /// To delete it.
        case delete = "Delete"
        /// To change it.
        case alter = "Alter"
        /// To see that it is there. Who may read, write, delete or alter may that too.
        case describe = "Describe"
        /// To act as a broker of the cluster.
        case clusterAction = "ClusterAction"
        /// To see its settings.
        case describeConfigs = "DescribeConfigs"
        /// To change its settings, and to see them.
        case alterConfigs = "AlterConfigs"
        /// To write idempotently without the right to write to any topic.
        case idempotentWrite = "IdempotentWrite"
    }

    /// What there is to be allowed something with.
    @nonexhaustive
    public enum ResourceType: String, Sendable, Hashable, CaseIterable {
        /// A topic.
        case topic = "Topic"
        /// A consumer group.
        case group = "Group"
        /// A transactional id.
        case transactionalID = "TransactionalId"
        /// The cluster. It has no name.
        case cluster = "Cluster"
    }

    /// Who is allowed: `User:alice`, `User:CN=client` for a certificate, or `User:*` for everybody.
    public var principal: String
    /// What is allowed.
    public var operation: Operation
    /// With what.
    public var resourceType: ResourceType
    /// Its name, or the beginning of names and an asterisk, or an asterisk for all.
    public var resourceName: String

    /// A permission.
    ///
    /// - Parameters:
    ///   - principal: Who is allowed, with `User:` before the name; `User:*` for everybody.
    ///   - operation: What is allowed.
    ///   - resourceType: With what.
    ///   - resourceName: Its name, which may end with an asterisk; all by default.
    public init(
        _ principal: String,
        _ operation: Operation,
        _ resourceType: ResourceType,
        _ resourceName: String = "*"
    ) {
        self.principal = principal
        self.operation = operation
        self.resourceType = resourceType
        self.resourceName = resourceName
    }

    /// Reads `PRINCIPAL OPERATION TYPE:NAME`, in which `Cluster` needs no name.
    ///
    /// - Parameter text: Such as `User:alice Write Topic:orders-*`. A principal may have spaces.
    /// - Throws: `EmbeddedBrokerError` of code `invalidConfiguration`, which says what cannot be read.
    public init(parsing text: String) throws(EmbeddedBrokerError) {
        let words = text.split(separator: " ")
        guard words.count >= 3 else {
            throw Self.unreadable(text, "it must be like User:alice Write Topic:orders-*")
        }
        let principal = words.dropLast(2).joined(separator: " ")
        guard principal.hasPrefix("User:"), principal != "User:" else {
            throw Self.unreadable(text, "\"\(principal)\" must begin with User: and a name")
        }
        guard let operation = Operation(rawValue: String(words[words.count - 2])) else {
            let known = Operation.allCases.map(\.rawValue).joined(separator: ", ")
            throw Self.unreadable(text, "\"\(words[words.count - 2])\" is none of \(known)")
        }
        let sides = words[words.count - 1].split(separator: ":", maxSplits: 1)
        guard let type = sides.first.flatMap({ ResourceType(rawValue: String($0)) }) else {
            let known = ResourceType.allCases.map(\.rawValue).joined(separator: ", ")
            throw Self.unreadable(text, "\"\(words[words.count - 1])\" is none of \(known), with :NAME behind")
        }
        guard sides.count == 2 || type == .cluster else {
            throw Self.unreadable(text, "\(type.rawValue) needs a :NAME")
        }
        self.init(principal, operation, type, type == .cluster ? "*" : String(sides[1]))
    }

    private static func unreadable(_ text: String, _ reason: String) -> EmbeddedBrokerError {
        EmbeddedBrokerError(.invalidConfiguration, "the permission \"\(text)\" cannot be read: \(reason)")
    }
}
