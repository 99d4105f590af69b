// SPDX-License-Identifier: Apache-2.0

/// Puts checked values into the typed fields of a configuration.
struct ConfigurationAssembly {
    let settings: MergedSettings
    let values: ParsedSettings

    func configuration() throws(ConfigurationError) -> ProducerConfiguration {
        var result = ProducerConfiguration(bootstrapServers: [])
        try setSerialization(&result)
        result.bootstrapServers = try bootstrapServers()
        setConnection(&result)
        setMetadata(&result)
        setDelivery(&result)
        setBatching(&result)
        setPartitioning(&result)
        setTransactions(&result)
        result.metricsSampleWindow = values.duration("metrics.sample.window.ms")
        result.metricsSampleCount = values.count("metrics.num.samples")
        result.isSync = try isSync()
        result.effectiveValues = effectiveValues()
        return result
    }

    private func bootstrapServers() throws(ConfigurationError) -> [BootstrapServer] {
        let key = "bootstrap.servers"
        var servers: [BootstrapServer] = []
        for text in values.list(key) {
            do throws(BootstrapServer.ParsingError) {
                let server = try BootstrapServer(text)
                // The Java client takes both and never gets a connection.
                guard server.port > 0 else { throw .invalidPort }
                guard server.isHostPlausible else { throw .notAnAddress }
                servers.append(server)
            } catch {
                let what = error == .invalidPort ? "port" : "url"
                let message = "Invalid \(what) in bootstrap.servers: \(text)"
                throw ConfigurationError(message: message, key: key, value: text, origin: settings[key]?.origin)
            }
        }
        return servers
    }

    private func setConnection(_ result: inout ProducerConfiguration) {
        result.clientID = values.text("client.id") ?? ""
        result.dnsLookup = values.text("client.dns.lookup").flatMap(DNSLookup.init) ?? .useAllDNSIPs
        result.securityProtocol =
            values.text("security.protocol").flatMap { SecurityProtocol(rawValue: $0.uppercased()) } ?? .plaintext
        result.sendBufferBytes = sizeOrSystem("send.buffer.bytes")
        result.receiveBufferBytes = sizeOrSystem("receive.buffer.bytes")
        result.connectionSetupTimeoutMax = values.duration("socket.connection.setup.timeout.max.ms")
        result.connectionSetupTimeout =
            min(values.duration("socket.connection.setup.timeout.ms"), result.connectionSetupTimeoutMax)
        let idle = "connections.max.idle.ms"
        result.connectionsMaxIdle = values.integer(idle) < 0 ? nil : values.duration(idle)
        result.reconnectBackoffMax = values.duration("reconnect.backoff.max.ms")
        result.reconnectBackoff = min(values.duration("reconnect.backoff.ms"), result.reconnectBackoffMax)
    }

    private func setMetadata(_ result: inout ProducerConfiguration) {
        result.metadataMaxAge = values.duration("metadata.max.age.ms")
        result.metadataMaxIdle = values.duration("metadata.max.idle.ms")
        result.metadataRecoveryStrategy =
            values.text("metadata.recovery.strategy").flatMap { MetadataRecoveryStrategy(rawValue: $0.uppercased()) }
            ?? .rebootstrap
        result.metadataRebootstrapTrigger = values.duration("metadata.recovery.rebootstrap.trigger.ms")
    }

    private func setDelivery(_ result: inout ProducerConfiguration) {
        result.acks = values.text("acks").flatMap(Int16.init).flatMap(Acks.init) ?? .all
        result.retries = values.count("retries")
        result.idempotence = idempotence()
        result.maxInFlightRequestsPerConnection = values.count("max.in.flight.requests.per.connection")
        result.deliveryTimeout = values.duration("delivery.timeout.ms")
        result.requestTimeout = values.duration("request.timeout.ms")
        result.retryBackoffMax = values.duration("retry.backoff.max.ms")
        result.retryBackoff = min(values.duration("retry.backoff.ms"), result.retryBackoffMax)
        result.maxRequestSize = values.count("max.request.size")
    }

    /// Idempotence that the rules switched off stays automatic: changing `acks` in code brings it back.
    private func idempotence() -> Idempotence {
        guard let setting = settings["enable.idempotence"] else { return .automatic }
        return setting.text.trimmedAsJava.uppercased() == "TRUE" ? .required : .off
    }

    private func setBatching(_ result: inout ProducerConfiguration) {
        result.batchSize = values.count("batch.size")
        result.linger = values.duration("linger.ms")
        result.bufferMemory = values.count("buffer.memory")
        result.maxBlock = values.duration("max.block.ms")
        result.compression =
            switch values.text("compression.type") {
            case "gzip": .gzip(level: values.count("compression.gzip.level"))
            case "snappy": .snappy
            case "lz4": .lz4(level: values.count("compression.lz4.level"))
            case "zstd": .zstd(level: values.count("compression.zstd.level"))
            default: .none
            }
    }

    private func setPartitioning(_ result: inout ProducerConfiguration) {
        let name = values.text("partitioner.class").flatMap(PartitionerName.init(named:))
        result.partitioner = name == .roundRobin ? .roundRobin : .builtIn
        result.partitionerIgnoresKeys = values.isTrue("partitioner.ignore.keys")
        result.isAdaptivePartitioningEnabled = values.isTrue("partitioner.adaptive.partitioning.enable")
        let availability = "partitioner.availability.timeout.ms"
        result.partitionerAvailabilityTimeout =
            values.integer(availability) == 0 ? nil : values.duration(availability)
    }

    private func setTransactions(_ result: inout ProducerConfiguration) {
        result.transactionalID = values.text("transactional.id")
        result.transactionTimeout = values.duration("transaction.timeout.ms")
        result.isTwoPhaseCommitEnabled = values.isTrue("transaction.two.phase.commit.enable")
    }

    private func setSerialization(_ result: inout ProducerConfiguration) throws(ConfigurationError) {
        result.keySerializer = try serializer("key.serializer")
        result.valueSerializer = try serializer("value.serializer")
    }

    private func serializer(_ key: String) throws(ConfigurationError) -> Serializer {
        guard let name = values.text(key), let serializer = Serializer(named: name) else { return .byteArray }
        let encodingKey = settings.contains("\(key).encoding") ? "\(key).encoding" : "serializer.encoding"
        guard let setting = settings[encodingKey], serializer.hasEncoding else { return serializer }
        guard let encoding = TextEncoding(named: setting.text.trimmedAsJava) else {
            let known = TextEncoding.allCases.map(\.rawValue).joined(separator: ", ")
            let rule = "Unsupported encoding; known are \(known)"
            throw ConfigurationError(key: encodingKey, value: setting.text, rule: rule, origin: setting.origin)
        }
        return serializer.with(encoding)
    }

    private func sizeOrSystem(_ key: String) -> Int? {
        values.integer(key) == -1 ? nil : values.count(key)
    }

    /// Whether the old `producer.type` asks for awaiting each record.
    private func isSync() throws(ConfigurationError) -> Bool {
        let key = "producer.type"
        guard let setting = settings[key] else { return false }
        switch setting.text.trimmedAsJava {
        case "sync": return true
        case "async": return false
        default:
            let rule = "String must be one of: sync, async"
            throw ConfigurationError(key: key, value: setting.text, rule: rule, origin: setting.origin)
        }
    }

    private func effectiveValues() -> [EffectiveValue] {
        ProducerConfigKey.all.map { key in
            EffectiveValue(key: key.name, text: values[key.name].text, origin: settings[key.name]?.origin)
        }
    }
}
