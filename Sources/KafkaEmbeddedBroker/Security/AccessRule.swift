// SPDX-License-Identifier: Apache-2.0

/// What somebody may do, or may not: Kafka's ACL. Rules that administrators make say it of all hosts.
struct AccessRule: Hashable {
    var resourceType: Permission.ResourceType
    /// The resource's name, or the beginning of names. `*` alone stands for all.
    var resourceName: String
    /// Whether it is for all resources whose names begin so.
    var isPrefix = false
    /// `User:NAME`, or `User:*` for everybody.
    var principal: String
    var operation: Permission.Operation
    /// Whether it is forbidden, whatever else is allowed.
    var isDenied = false

    /// The name of the one resource of its type.
    static let clusterName = "kafka-cluster"
    /// What stands for all names, and for all hosts.
    static let wildcard = "*"

    /// What a permission says.
    init(_ permission: Permission) {
        let name = permission.resourceName
        let isCluster = permission.resourceType == .cluster
        isPrefix = !isCluster && name.hasSuffix(Self.wildcard) && name != Self.wildcard
        resourceType = permission.resourceType
        resourceName = isCluster ? Self.clusterName : isPrefix ? String(name.dropLast()) : name
        principal = permission.principal
        operation = permission.operation
    }

    init(
        _ principal: String,
        _ operation: Permission.Operation,
        _ resourceType: Permission.ResourceType,
        _ resourceName: String
    ) {
        self.principal = principal
        self.operation = operation
        self.resourceType = resourceType
        self.resourceName = resourceName
    }

    /// Whether it is for a resource. There is only one cluster.
    func covers(_ type: Permission.ResourceType, _ name: String) -> Bool {
        guard type == resourceType else { return false }
        if type == .cluster || !isPrefix && resourceName == Self.wildcard { return true }
        return isPrefix ? name.hasPrefix(resourceName) : name == resourceName
    }

    /// Whether it is for a principal.
    func isFor(_ principal: String) -> Bool { self.principal == "User:*" || self.principal == principal }

    /// Whether what it is about is, or includes, an operation. Who may read, write, delete or alter may also see.
    func includes(_ wanted: Permission.Operation) -> Bool {
        if operation == .all || operation == wanted { return true }
        guard !isDenied else { return false }
        switch wanted {
        case .describe: return [.read, .write, .delete, .alter].contains(operation)
        case .describeConfigs: return operation == .alterConfigs
        default: return false
        }
    }

    // MARK: Text

    /// All of it in one word.
    var text: String {
        [
            resourceType.rawValue, isPrefix ? "prefixed" : "literal", resourceName.escapedWord, principal.escapedWord,
            operation.rawValue, isDenied ? "Deny" : "Allow",
        ].joined(separator: "/")
    }

    /// What a word says, or nil when it says nothing that can be used.
    init?(text: some StringProtocol) {
        let words = text.split(separator: "/", omittingEmptySubsequences: false)
        guard words.count == 6, let type = Permission.ResourceType(rawValue: String(words[0])),
            let operation = Permission.Operation(rawValue: String(words[4]))
        else { return nil }
        self.init(words[3].unescapedWord, operation, type, words[2].unescapedWord)
        isPrefix = words[1] == "prefixed"
        isDenied = words[5] == "Deny"
    }
}

extension Permission.ResourceType {
    /// Kafka's number.
    var number: Int8 {
        switch self {
        case .topic: 2
        case .group: 3
        case .cluster: 4
        case .transactionalID: 5
        }
    }

    init?(number: Int8) {
        guard let type = Self.allCases.first(where: { $0.number == number }) else { return nil }
        self = type
    }
}

extension Permission.Operation {
    /// Kafka's number.
    var number: Int8 {
        switch self {
        case .all: 2
        case .read: 3
        case .write: 4
        case .create: 5
        case .delete: 6
        case .alter: 7
        case .describe: 8
        case .clusterAction: 9
        case .describeConfigs: 10
        case .alterConfigs: 11
        case .idempotentWrite: 12
        }
    }

    init?(number: Int8) {
        guard let operation = Self.allCases.first(where: { $0.number == number }) else { return nil }
        self = operation
    }

    /// The operations that there are on resources of a type.
    static func all(on type: Permission.ResourceType) -> [Permission.Operation] {
        switch type {
        case .topic: [.read, .write, .create, .delete, .alter, .describe, .describeConfigs, .alterConfigs]
        case .group: [.read, .describe, .delete]
        case .transactionalID: [.write, .describe]
        case .cluster: [.create, .alter, .describe, .clusterAction, .describeConfigs, .alterConfigs, .idempotentWrite]
        }
    }
}
