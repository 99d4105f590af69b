// SPDX-License-Identifier: Apache-2.0

extension EmbeddedBroker {
    /// How an embedded broker is set up. The defaults are those of a Kafka broker, where it has such a setting.
    public struct Configuration: Sendable, Hashable {
        /// The address to listen on, a name or a number.
        public var host = "127.0.0.1"
        /// The first broker's port; further brokers take the ports after it. 0 lets the system choose them all.
        public var port = 0
        /// The ports that clients are told to connect to, one a broker, where they are not those that are listened on:
        /// behind a proxy or in a container. Empty means those that are listened on. Part of Kafka's `advertised.listeners`.
        public var advertisedPorts: [Int] = []
        /// The name or number of the machine that clients are told to connect to, where it is not `host`. A broker with TLS
        /// needs one that its certificate has. Part of Kafka's `advertised.listeners`.
        public var advertisedHost: String?
        /// TLS and logins of the brokers' listeners. Nothing by default: PLAINTEXT.
        public var security = Security()
        /// The first broker's port of a further listener, in plain text and without a login; further brokers take the ports
        /// after it. 0 lets the system choose them all, nil means that there is none.
        public var plaintextPort: Int?
        /// How many brokers the cluster has. Their node ids are 1, 2, …; partition p is led by broker p mod brokers + 1.
        public var brokers = 1
        /// Partitions of a topic that is made on first use. Kafka's `num.partitions`.
        public var partitions = 1
        /// Topics that are there from the start, with their numbers of partitions. One that the data directory has
        /// already keeps the number it has.
        public var topics: [String: Int] = [:]
        /// Settings of single topics, by the topics' names: they hold when the topic is made, and for one that the data
        /// directory has already.
        public var topicSettings: [String: TopicSettings] = [:]
        /// Settings of topics that do not have their own. What it says of `max.message.bytes`, `min.insync.replicas` and
        /// `segment.bytes` goes before ``messageMaxBytes``, ``minInSyncReplicas`` and ``segmentBytes``.
        public var topicDefaults = TopicSettings()
        /// How often it is looked for segments that are to be deleted. Kafka's `log.retention.check.interval.ms`. Unlike
        /// Kafka's, the first look is after this time too, and not after 30 seconds.
        public var retentionCheckInterval: Duration = .seconds(300)
        /// How often it is looked for logs that are to be compacted. Kafka's `log.cleaner.backoff.ms`.
        public var compactionInterval: Duration = .seconds(15)
        /// How many brokers have a copy of each partition of a new topic. Kafka's `default.replication.factor`.
        public var replicationFactor = 1
        /// How many replicas must be in sync for `acks=all`. Kafka's `min.insync.replicas`.
        public var minInSyncReplicas = 1
        /// After how long a follower is no more in sync that has not had all of its leader's log. Kafka's
        /// `replica.lag.time.max.ms`.
        public var replicaLagTimeMax: Duration = .seconds(30)
        /// After how long a broker is taken for dead that answers nothing. Kafka's `broker.session.timeout.ms`.
        public var brokerSessionTimeout: Duration = .seconds(9)
        /// How often preferred leaders take over again. Kafka's `leader.imbalance.check.interval.seconds`.
        public var leaderRebalanceInterval: Duration = .seconds(300)
        /// How the coordinators of transactions and groups are set up.
        public var transactions = Transactions()
        /// The times that members of groups may ask for as their sessions' timeouts. Kafka's `group.min.session.timeout.ms`
        /// and `group.max.session.timeout.ms`.
        public var sessionTimeouts: ClosedRange<Duration> = .seconds(6) ... .seconds(30 * 60)
        /// Which metrics the cluster wants of its clients (KIP-714); nil means that it does not know how to ask.
        public var clientMetrics: ClientMetrics?
        /// The racks of the brokers, by their node ids; a broker that is not named has none. Kafka's `broker.rack`.
        public var racks: [Int: String] = [:]
        /// What goes wrong, and when. Nothing by default.
        public var faults = FaultScript()
        /// Whether a topic is made when a client first asks for it. Kafka's `auto.create.topics.enable`.
        public var autoCreateTopics = true
        /// The folder in which the logs are kept, made if it is not there; nil keeps them in memory only.
        public var dataDirectory: String?
        /// The path of a socket at which ``BrokerControl`` reaches the running cluster; nil for none. What is there is
        /// replaced, and removed at the end.
        public var controlSocket: String?
        /// The port of a page that shows the cluster in a browser: topics, offsets, leaders, groups with their lag, and the
        /// last records, the latter unless the broker has logins or permissions. 0 lets the system choose, nil means that
        /// there is none. The page asks for no login.
        public var uiPort: Int?
        /// The address at which browsers find the page. It is for this machine alone by default.
        public var uiHost = "127.0.0.1"
        /// Bytes of the largest batch that is accepted. Kafka's `message.max.bytes`.
        public var messageMaxBytes = 1_048_588
        /// Bytes of the largest request; a larger one closes the connection. Kafka's `socket.request.max.bytes`.
        public var requestMaxBytes = 100 * 1024 * 1024
        /// Bytes of the requests that each broker reads and has not answered, after which it reads no more until some are
        /// answered; -1 for no limit. At least ``requestMaxBytes``. Kafka's `queued.max.request.bytes`.
        public var queuedMaxRequestBytes = -1
        /// After how long a connection is closed on which nothing comes and goes. Kafka's `connections.max.idle.ms`. One on which an
        /// answer is waited for stays.
        public var connectionsMaxIdle: Duration = .seconds(600)
        /// Bytes after which a log begins a new segment. Kafka's `log.segment.bytes`.
        public var segmentBytes = 1024 * 1024 * 1024
        /// Whether compressed batches are decompressed to check the records in them, as a Kafka broker does.
        public var checksCompressedRecords = true

        /// The defaults: one broker on a free port of 127.0.0.1, in memory.
        public init() {}

        /// The address that clients are told to connect to.
        var hostForClients: String {
            if let advertisedHost { return advertisedHost }
            return switch host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "::1"
            default: host
            }
        }

        /// The port that clients are told of a broker, the first being 0, that listens on `port`.
        func advertisedPort(ofBroker index: Int, listeningOn port: Int) -> Int {
            advertisedPorts.isEmpty ? port : advertisedPorts[index]
        }

        /// What holds for a topic that has no value of its own.
        func value(_ setting: TopicSetting) -> String {
            if let value = topicDefaults[setting] { return value }
            return switch setting {
            case .maxMessageBytes: "\(messageMaxBytes)"
            case .minInSyncReplicas: "\(minInSyncReplicas)"
            case .segmentBytes: "\(segmentBytes)"
            default: setting.standard
            }
        }

        /// The settings that topics have when they have none of their own.
        private var ownSettings: TopicSettings {
            TopicSettings(minInSyncReplicas: minInSyncReplicas, replicationFactor: replicationFactor)
        }

        /// What is wrong with the settings, or nil.
        var objection: String? {
            let ports = 0...65_535
            if host.isEmpty { return "the host is empty" }
            if advertisedHost?.isEmpty == true { return "the advertised host is empty" }
            if let objection = security.objection ?? transactions.objection ?? clientMetrics?.objection {
                return objection
            }
            if let node = racks.keys.first(where: { $0 < 1 || $0 > brokers }) {
                return "there is a rack for broker \(node), and there are \(brokers) brokers"
            }
            if brokers < 1 || brokers > 1000 { return "brokers is \(brokers) and must be 1 to 1000" }
            for port in [port] + (plaintextPort.map { [$0] } ?? [])
            where !ports.contains(port) || port > 0 && !ports.contains(port + brokers - 1) {
                return "ports \(port) to \(port + brokers - 1) are not all between 0 and 65535"
            }
            if uiHost.isEmpty { return "the host of the page is empty" }
            if let uiPort, !ports.contains(uiPort) { return "the page's port \(uiPort) is not between 0 and 65535" }
            if !advertisedPorts.isEmpty && advertisedPorts.count != brokers {
                return "there are \(advertisedPorts.count) advertised ports for \(brokers) brokers"
            }
            if let port = advertisedPorts.first(where: { !ports.contains($0) }) {
                return "the advertised port \(port) is not between 0 and 65535"
            }
            if !Partition.counts.contains(partitions) { return "partitions is \(partitions) and must be 1 or more" }
            for (topic, count) in topics.sorted(by: { $0.key < $1.key }) {
                if let objection = TopicName.objection(to: topic) { return "topic '\(topic)': \(objection)" }
                if !Partition.counts.contains(count) { return "topic '\(topic)': \(count) partitions are not possible" }
            }
            for (topic, settings) in topicSettings.sorted(by: { $0.key < $1.key }) {
                if let objection = settings.objection(brokers: brokers) { return "topic '\(topic)': \(objection)" }
            }
            if let objection = (ownSettings.objection(brokers: brokers) ?? topicDefaults.objection(brokers: brokers)) {
                return objection
            }
            if connectionsMaxIdle <= .zero { return "the time that a connection may be idle must be longer than 0" }
            if min(retentionCheckInterval, compactionInterval) <= .zero {
                return "the times between looks at the logs must be longer than 0"
            }
            if min(replicaLagTimeMax, brokerSessionTimeout, leaderRebalanceInterval) <= .zero {
                return "the times of replicas must be longer than 0"
            }
            for fault in faults.faults {
                if let node = fault.node, node > brokers { return "\(fault): there are \(brokers) brokers" }
                if let node = fault.action.namedNode, node > brokers {
                    return "\(fault): there are \(brokers) brokers"
                }
            }
            if messageMaxBytes < 0 { return "messageMaxBytes is negative" }
            if !(0...Int(Int32.max)).contains(requestMaxBytes) { return "requestMaxBytes must be 0 to 2147483647" }
            if queuedMaxRequestBytes != -1, queuedMaxRequestBytes < max(1, requestMaxBytes) {
                return "queued.max.request.bytes is \(queuedMaxRequestBytes) and must be -1, or at least "
                    + "socket.request.max.bytes, which is \(requestMaxBytes)"
            }
            if segmentBytes < 1 || segmentBytes > Int(Int32.max) { return "segmentBytes must be 1 to 2147483647" }
            if let path = controlSocket, !(1...BrokerControl.longestPath).contains(path.utf8.count) {
                return "the control socket's path \(path) has \(path.utf8.count) bytes and must have 1 to "
                    + "\(BrokerControl.longestPath)"
            }
            if dataDirectory?.isEmpty == true { return "the data directory's path is empty" }
            return nil
        }
    }
}
