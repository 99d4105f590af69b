// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Which rules somebody asks for, by the numbers of the protocol.
struct AccessRuleFilter {
    /// How names are meant.
    enum Pattern: Int8 {
        case any = 1
        case match = 2
        case literal = 3
        case prefixed = 4
    }

    /// Numbers that stand for all.
    static let any: Int8 = 1
    /// The numbers of what a rule says.
    static let denied: Int8 = 2
    static let allowed: Int8 = 3

    var resourceType: Int8
    var name: String?
    var pattern: Pattern
    var principal: String?
    var host: String?
    var operation: Int8
    var permission: Int8

    /// nil when a number stands for nothing.
    init?(_ request: AclFilter) {
        guard let pattern = Pattern(rawValue: request.patternTypeFilter) else { return nil }
        self.pattern = pattern
        resourceType = request.resourceTypeFilter
        name = request.resourceNameFilter
        principal = request.principalFilter
        host = request.hostFilter
        operation = request.operation
        permission = request.permissionType
    }

    /// Whether a rule is asked for.
    func matches(_ rule: AccessRule) -> Bool {
        (resourceType == Self.any || resourceType == rule.resourceType.number)
            && matchesName(of: rule)
            && (principal == nil || principal == rule.principal)
            && (host == nil || host == AccessRule.wildcard)
            && (operation == Self.any || operation == rule.operation.number)
            && (permission == Self.any || permission == (rule.isDenied ? Self.denied : Self.allowed))
    }

    private func matchesName(of rule: AccessRule) -> Bool {
        switch pattern {
        case .any: name == nil || name == rule.resourceName
        case .match: name.map { rule.covers(rule.resourceType, $0) } ?? true
        case .literal: !rule.isPrefix && (name == nil || name == rule.resourceName)
        case .prefixed: rule.isPrefix && (name == nil || name == rule.resourceName)
        }
    }
}
