// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// What a load's group says of it.
enum StoredPosition: Equatable, Sendable {
    /// Nothing: it never began, or its position was deleted or has expired.
    case none
    /// `exactly-once forget` was here.
    case forgotten
    case position(LoadPosition)
    /// Something has been written there that no load of this version has.
    case unreadable(offset: Int64, metadata: String)
    /// The load goes to this other topic.
    case elsewhere(topic: String)

    /// Reads what a group has committed, for a load to `topic`.
    init(_ positions: [GroupPosition], topic: String) {
        let all = positions.filter { $0.partition == 0 }
        if let own = all.first(where: { $0.topic == topic }) {
            self = Self.read(own)
            if self != .forgotten { return }
        } else {
            self = .none
        }
        // What is forgotten is in no one's way.
        let others = all.filter { $0.topic != topic && Self.read($0) != .forgotten }
        if let other = others.map(\.topic).min() { self = .elsewhere(topic: other) }
    }

    static func read(_ position: GroupPosition) -> StoredPosition {
        if position.metadata == LoadPosition.forgotten { return .forgotten }
        return LoadPosition(offset: position.offset, metadata: position.metadata).map { .position($0) }
            ?? .unreadable(offset: position.offset, metadata: position.metadata)
    }
}
