// SPDX-License-Identifier: Apache-2.0
public import KafkaClient

/// How topics are read.
public struct ReaderConfiguration: Sendable {
    /// Connections, requests and metadata.
    package var client: ClientSettings

    /// Gets what happens to connections, on the reader's event loop.
    package var onEvent: (@Sendable (ClientEvent) -> Void)?

    /// Bytes of records that are fetched of a partition at once, at most; one batch is fetched in any case. So much is held in
    /// memory for each partition that is read. Kafka's `max.partition.fetch.bytes`. Default: 4 MiB; from 1 to 64 MiB.
    public var fetchBytes = 4 << 20
    /// How long a broker may wait for records to come before it answers that there are none. Kafka's `fetch.max.wait.ms`.
    /// Default: 500 ms.
    public var fetchWait: Duration = .milliseconds(500)
    /// Bytes that a batch may have once it is decompressed; a larger one is an error. Default: 128 MiB.
    public var batchBytes = 128 << 20
    /// How long a topic or partition may be unknown to the cluster before that is an error. Default: 5 s.
    public var topicTimeout: Duration = .seconds(5)
    /// How long failures in a row, such as connections that break, may last before they are an error. Default: 60 s.
    public var timeout: Duration = .seconds(60)

    /// The defaults.
    ///
    /// - Parameter bootstrap: Where to find the cluster.
    public init(bootstrap: [BrokerAddress]) {
        self.init(
            client: ClientSettings(bootstrap: bootstrap, software: (ClientSoftware.name, ClientSoftware.version))
        )
    }

    /// A reader that connects as these settings say.
    package init(client: ClientSettings) {
        self.client = client
        // A name that is misspelt is an error, not a new topic.
        self.client.allowAutoTopicCreation = false
    }

    /// Where to find the cluster. Kafka's `bootstrap.servers`.
    public var bootstrap: [BrokerAddress] {
        get { client.bootstrap }
        set { client.bootstrap = newValue }
    }

    /// The name that brokers know the reader by. Kafka's `client.id`. Default: empty.
    public var clientID: String {
        get { client.clientID }
        set { client.clientID = newValue }
    }

    /// How long an answer may take, beside ``fetchWait``. Kafka's `request.timeout.ms`. Default: 30 s.
    public var requestTimeout: Duration {
        get { client.requestTimeout }
        set { client.requestTimeout = newValue }
    }

    /// What is wrong with the settings, or nil.
    var objection: String? {
        if bootstrap.isEmpty { return "name at least one broker to begin with" }
        if let bad = bootstrap.first(where: { !BrokerAddress.ports.contains($0.port) }) {
            return "the port of \(bad) must be from 1 to 65535"
        }
        if !(1...64 << 20).contains(fetchBytes) { return "fetchBytes is \(fetchBytes) and must be from 1 to 64 MiB" }
        if batchBytes < 1 { return "batchBytes is \(batchBytes) and must be 1 or more" }
        if requestTimeout <= .zero { return "requestTimeout must be more than zero" }
        return nil
    }
}
