// SPDX-License-Identifier: Apache-2.0

/// Decides who may do what, by Kafka's rules: what is denied is, whatever is allowed.
///
/// A broker that was started with permissions allows nothing else. One that was started without any lets everybody do
/// everything with resources of which no rule speaks (Kafka's `allow.everyone.if.no.acl.found`).
struct Authorizer {
    /// Those that the broker was started with.
    let fixed: [AccessRule]
    /// Those that administrators made.
    var made: Set<AccessRule> = []

    init(_ permissions: [Permission]) {
        fixed = permissions.map { AccessRule($0) }
    }

    /// Whether everybody may do everything.
    var allowsEverything: Bool { fixed.isEmpty && made.isEmpty }

    /// All rules, in a lasting order.
    var rules: [AccessRule] { fixed + made.sorted { $0.text < $1.text } }

    /// Whether a principal may do something.
    func allows(
        _ principal: String,
        _ operation: Permission.Operation,
        _ type: Permission.ResourceType,
        _ name: String = ""
    ) -> Bool {
        guard !allowsEverything else { return true }
        var isSpokenOf = false
        var isAllowed = false
        func look(_ rule: AccessRule) -> Bool {
            guard rule.covers(type, name) else { return true }
            isSpokenOf = true
            guard rule.isFor(principal), rule.includes(operation) else { return true }
            isAllowed = true
            return !rule.isDenied
        }
        for rule in fixed where !look(rule) { return false }
        for rule in made where !look(rule) { return false }
        return isAllowed || !isSpokenOf && fixed.isEmpty
    }

    /// Whether a principal may do something with one resource of a type at least.
    func allowsAny(_ principal: String, _ operation: Permission.Operation, _ type: Permission.ResourceType) -> Bool {
        guard !fixed.isEmpty else { return true }
        let allows = { (rule: AccessRule) in
            rule.resourceType == type && !rule.isDenied && rule.isFor(principal) && rule.includes(operation)
        }
        return fixed.contains(where: allows) || made.contains(where: allows)
    }

    /// A bit for each operation that a principal may do, as Kafka numbers them.
    func operations(
        of principal: String,
        on type: Permission.ResourceType,
        _ name: String = ""
    ) -> Int32 {
        Permission.Operation.all(on: type).reduce(0) { bits, operation in
            allows(principal, operation, type, name) ? bits | 1 << Int32(operation.number) : bits
        }
    }
}
