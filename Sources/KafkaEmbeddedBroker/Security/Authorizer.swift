// SPDX-License-Identifier: Apache-2.0

/// Decides who may do what, by Kafka's rules: without any permission everybody may do everything, and with one of them
/// nothing that is not allowed.
struct Authorizer {
    private let permissions: [Permission]

    init(_ permissions: [Permission]) {
        self.permissions = permissions
    }

    /// Whether everybody may do everything.
    var allowsEverything: Bool { permissions.isEmpty }

    /// Whether a principal may do something.
    func allows(
        _ principal: String,
        _ operation: Permission.Operation,
        _ type: Permission.ResourceType,
        _ name: String = ""
    ) -> Bool {
        permissions.isEmpty
            || permissions.contains { permission in
                permission.resourceType == type && Self.isFor(permission, principal)
                    && Self.allows(permission.operation, operation) && Self.covers(permission.resourceName, name)
            }
    }

    /// Whether a principal may do something with one resource of a type at least.
    func allowsAny(_ principal: String, _ operation: Permission.Operation, _ type: Permission.ResourceType) -> Bool {
        permissions.isEmpty
            || permissions.contains { permission in
                permission.resourceType == type && Self.isFor(permission, principal)
                    && Self.allows(permission.operation, operation)
            }
    }

    /// A bit for each operation that a principal may do, as Kafka numbers them.
    func operations(
        of principal: String,
        on type: Permission.ResourceType,
        _ name: String = ""
    ) -> Int32 {
        Permission.Operation.all(on: type).reduce(0) { bits, operation in
            allows(principal, operation, type, name) ? bits | 1 << operation.number : bits
        }
    }

    private static func isFor(_ permission: Permission, _ principal: String) -> Bool {
        permission.principal == "User:*" || permission.principal == principal
    }

    private static func covers(_ pattern: String, _ name: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }

    /// Whether the right to one operation is a right to the other.
    private static func allows(_ allowed: Permission.Operation, _ wanted: Permission.Operation) -> Bool {
        if allowed == .all || allowed == wanted { return true }
        switch wanted {
        case .describe: return [.read, .write, .delete, .alter].contains(allowed)
        case .describeConfigs: return allowed == .alterConfigs
        default: return false
        }
    }
}

extension Permission.Operation {
    /// Kafka's number.
    fileprivate var number: Int32 {
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

    /// The operations that there are on resources of a type.
    fileprivate static func all(on type: Permission.ResourceType) -> [Permission.Operation] {
        switch type {
        case .topic: [.read, .write, .create, .delete, .alter, .describe, .describeConfigs, .alterConfigs]
        case .group: [.read, .describe, .delete]
        case .transactionalID: [.write, .describe]
        case .cluster: [.create, .alter, .describe, .clusterAction, .describeConfigs, .alterConfigs, .idempotentWrite]
        }
    }
}
