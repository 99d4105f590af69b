// SPDX-License-Identifier: Apache-2.0

/// The settings of a client: connections, requests and metadata.
package struct ClientSettings: Sendable {
    /// The name that brokers know the client by. Kafka's `client.id`.
    package var clientID = ""
    /// The brokers to begin with. Kafka's `bootstrap.servers`.
    package var bootstrap: [BrokerAddress]
    /// How long an answer may take. Kafka's `request.timeout.ms`.
    package var requestTimeout: Duration = .seconds(30)
    /// How long a connection may take to be ready. Kafka's `socket.connection.setup.timeout.ms`.
    package var setupTimeout: Duration = .seconds(10)
    /// The same after failures. Kafka's `socket.connection.setup.timeout.max.ms`.
    package var setupTimeoutMax: Duration = .seconds(30)
    /// How long a broker may be silent while a connection is set up before another one is tried beside it.
    package var hedgeDelay: Duration = .seconds(1)
    /// The wait before connecting again. Kafka's `reconnect.backoff.ms`.
    package var reconnectBackoff: Duration = .milliseconds(50)
    /// The longest such wait. Kafka's `reconnect.backoff.max.ms`.
    package var reconnectBackoffMax: Duration = .seconds(1)
    /// The wait before asking again. Kafka's `retry.backoff.ms`.
    package var retryBackoff: Duration = .milliseconds(100)
    /// The longest such wait. Kafka's `retry.backoff.max.ms`.
    package var retryBackoffMax: Duration = .seconds(1)
    /// How long a connection may be idle; nil for as long as it likes. Kafka's `connections.max.idle.ms`.
    package var maximumIdle: Duration? = .seconds(540)
    /// The socket's send buffer; nil for the system's own. Kafka's `send.buffer.bytes`.
    package var sendBufferBytes: Int?
    /// The socket's receive buffer; nil for the system's own. Kafka's `receive.buffer.bytes`.
    package var receiveBufferBytes: Int?
    /// When metadata is asked for again although nothing has changed. Kafka's `metadata.max.age.ms`.
    package var metadataMaxAge: Duration = .seconds(300)
    /// When a topic that is not in use is forgotten. Kafka's `metadata.max.idle.ms`.
    package var metadataMaxIdle: Duration = .seconds(300)
    /// Whether a cluster that is lost is sought anew from `bootstrap`. Kafka's `metadata.recovery.strategy`.
    package var mayRebootstrap = true
    /// After how long without an answer. Kafka's `metadata.recovery.rebootstrap.trigger.ms`.
    package var rebootstrapTrigger: Duration = .seconds(300)
    /// Whether asking for a topic may make it; a broker before Kafka 0.11 cannot be told. Kafka's `allow.auto.create.topics`.
    package var allowAutoTopicCreation = true
    /// TLS and login. Kafka's `security.protocol` with `ssl.*` and `sasl.*`. Default: neither.
    package var security = ClientSecurity()
    /// The name and version of the software that brokers are told (KIP-511).
    package var software: (name: String, version: String)

    package init(bootstrap: [BrokerAddress], software: (name: String, version: String)) {
        self.bootstrap = bootstrap
        self.software = software
    }
}
