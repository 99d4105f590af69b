// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaEmbeddedBroker

/// Who may do what.
@Suite("Permissions")
struct AuthorizerTests {
    @Test(
        "a permission is for its principal, operation and names, and includes what Kafka includes",
        arguments: [
            ("User:alice Write Topic:orders", Permission.Operation.write, "orders", true),
            ("User:alice Write Topic:orders", .describe, "orders", true),
            ("User:alice Write Topic:orders", .read, "orders", false),
            ("User:alice Write Topic:orders", .write, "orders-1", false),
            ("User:alice Write Topic:orders-*", .write, "orders-1", true),
            ("User:alice Write Topic:orders-*", .write, "orders", false),
            ("User:alice Write Topic:*", .write, "x", true), ("User:* Write Topic:x", .write, "x", true),
            ("User:bob Write Topic:x", .write, "x", false), ("User:alice All Topic:x", .alterConfigs, "x", true),
            ("User:alice AlterConfigs Topic:x", .describeConfigs, "x", true),
            ("User:alice Write Group:x", .write, "x", false), ("User:alice Write Cluster", .write, "x", false),
        ]
    )
    func allowed(text: String, operation: Permission.Operation, topic: String, isAllowed: Bool) throws {
        let authorizer = Authorizer([try Permission(parsing: text)])
        #expect(authorizer.allows("User:alice", operation, .topic, topic) == isAllowed)
    }

    @Test("without a permission everybody may do everything")
    func none() {
        #expect(Authorizer([]).allows("User:ANONYMOUS", .clusterAction, .cluster))
    }

    @Test("operations are told as Kafka's bits")
    func bits() throws {
        let all = Authorizer([])
        #expect(all.operations(of: "User:a", on: .topic, "t") == 0b1101_1111_1000)
        #expect(all.operations(of: "User:a", on: .cluster) == 0b1_1111_1010_0000)
        let writer = Authorizer([try Permission(parsing: "User:a Write Topic:t")])
        #expect(writer.operations(of: "User:a", on: .topic, "t") == 1 << 4 | 1 << 8)
    }

    @Test(
        "what is no permission is refused, and said",
        arguments: [
            "", "User:alice", "User:alice Write", "alice Write Topic:t", "User: Write Topic:t", "User:a write Topic:t",
            "User:a Write topic:t", "User:a Write Topic", "User:a Write Topic:",
        ]
    )
    func unreadable(text: String) {
        #expect(throws: EmbeddedBrokerError.self) { _ = try Permission(parsing: text) }
    }

    @Test("a principal may have spaces, as those of certificates")
    func spaces() throws {
        let permission = try Permission(parsing: "User:CN=client one,O=Example Read Group:g")
        #expect(permission == Permission("User:CN=client one,O=Example", .read, .group, "g"))
    }
}
