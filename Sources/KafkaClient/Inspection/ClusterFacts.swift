// SPDX-License-Identifier: Apache-2.0
package import KafkaProtocol

/// What a broker has told of the cluster, and of the topic that was asked about.
package struct ClusterFacts: Sendable {
    /// The brokers, the cluster's id and its controller.
    package var metadata: MetadataResponse
    /// What the client may do to the cluster; nil when the broker does not tell.
    package var rights: AuthorizedOperations?
    /// The topic that was asked about.
    package var topic: TopicFacts?

    package init(metadata: MetadataResponse, rights: AuthorizedOperations?, topic: TopicFacts? = nil) {
        (self.metadata, self.rights, self.topic) = (metadata, rights, topic)
    }
}

/// What a broker has told of a topic.
package struct TopicFacts: Sendable {
    /// Settings of the topic, or why they are not known.
    package enum Settings: Sendable, Equatable {
        case known([String: String])
        case refused(ErrorCode)
        case unknown(String)
    }

    package var name: String
    package var metadata: MetadataResponse.Topic
    package var settings: Settings
    /// Whether the broker makes missing topics; nil when it does not tell. Asked only for a topic that is missing.
    package var isMadeOnFirstUse: Bool?

    package init(
        name: String,
        metadata: MetadataResponse.Topic,
        settings: Settings = .known([:]),
        isMadeOnFirstUse: Bool? = nil
    ) {
        (self.name, self.metadata, self.settings) = (name, metadata, settings)
        self.isMadeOnFirstUse = isMadeOnFirstUse
    }

    /// What the client may do to the topic; nil when the broker does not tell.
    package var rights: AuthorizedOperations? { AuthorizedOperations(metadata.topicAuthorizedOperations) }
}
