// SPDX-License-Identifier: Apache-2.0
public import KafkaProtocol

/// One thing that goes wrong at an embedded broker, and when: a line of a fault file (docs/faults.md).
///
///     Fault(.error(.notEnoughReplicas), to: .produce, when: .nth(3))
///     try Fault(parsing: "produce 3 error NOT_ENOUGH_REPLICAS")
public struct Fault: Sendable, Hashable {
    /// What can go wrong.
    @nonexhaustive
    public enum Event: Sendable, Hashable {
        /// Requests of this kind.
        case request(APIKey)
        /// Requests of every kind.
        case anyRequest
        /// A client that connects.
        case connection
        /// A login that begins or is renewed, at a listener with SASL.
        case login
    }

    /// What it happens to.
    public var event: Event
    /// At which of the events that fit it happens.
    public var occurrence: Occurrence
    /// How often it happens at most; nil for no limit.
    public var limit: Int?
    /// Only at the broker of this node id; nil for all.
    public var node: Int?
    /// Only to requests that name this topic; nil for all.
    public var topic: String?
    /// Only to requests that name this partition, and then to it alone; nil for all.
    public var partition: Int?
    /// What happens.
    public var action: Action

    /// A fault of any request.
    ///
    /// - Parameters:
    ///   - action: What happens.
    ///   - event: What it happens to.
    ///   - occurrence: At which of the events that fit; default all of them.
    ///   - limit: How often at most; nil for no limit.
    ///   - node: Only at the broker of this node id; nil for all.
    ///   - topic: Only to requests that name this topic; nil for all.
    ///   - partition: Only to requests that name this partition, and then to it alone; nil for all.
    public init(
        _ action: Action,
        to event: Event = .anyRequest,
        when occurrence: Occurrence = .always,
        limit: Int? = nil,
        node: Int? = nil,
        topic: String? = nil,
        partition: Int? = nil
    ) {
        self.action = action
        self.event = event
        self.occurrence = occurrence
        self.limit = limit
        self.node = node
        self.topic = topic
        self.partition = partition
    }

    /// A fault of one kind of request. The other parameters are those of the other initializer.
    public init(
        _ action: Action,
        to api: APIKey,
        when occurrence: Occurrence = .always,
        limit: Int? = nil,
        node: Int? = nil,
        topic: String? = nil,
        partition: Int? = nil
    ) {
        self.init(
            action,
            to: .request(api),
            when: occurrence,
            limit: limit,
            node: node,
            topic: topic,
            partition: partition
        )
    }
}
