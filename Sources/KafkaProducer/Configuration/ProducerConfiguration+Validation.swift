// SPDX-License-Identifier: Apache-2.0

extension ProducerConfiguration {
    /// Checks values that were set in code, by the rules that hold for settings files.
    ///
    /// - Throws: `ConfigurationError` for the first value that is wrong, with the name of Kafka's key.
    public func validate() throws(ConfigurationError) {
        guard !bootstrapServers.isEmpty else {
            let message =
                "Configuration 'bootstrap.servers' must not be empty. Valid values include: any non-empty value"
            throw ConfigurationError(message: message, key: "bootstrap.servers", value: "")
        }
        for server in bootstrapServers where !(0...65_535).contains(server.port) {
            let message = "Invalid port in bootstrap.servers: \(server)"
            throw ConfigurationError(message: message, key: "bootstrap.servers", value: server.description)
        }
        for (key, number) in numbers {
            guard let objection = ProducerConfigKey.named(key)?.rule.objection(to: .integer(number)) else { continue }
            throw ConfigurationError(key: key, value: String(number), rule: objection, origin: origin(of: key))
        }
        if transactionalID?.isEmpty == true {
            throw ConfigurationError(key: "transactional.id", value: "", rule: "String must be non-empty", origin: nil)
        }
        try validateIdempotence()
        if let objection = RecordSizeLimit.objection(toMemory: Int64(bufferMemory)) {
            throw conflict("buffer.memory", objection)
        }
        guard deliveryTimeout >= min(linger + requestTimeout, .milliseconds(Int64(Int32.max))) else {
            throw conflict(
                "delivery.timeout.ms",
                "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms"
            )
        }
    }

    /// Refuses what this version cannot do: to go on without it would send records unprotected, or outside of the
    /// transaction that was asked for.
    ///
    /// - Throws: `ConfigurationError` for a security protocol other than PLAINTEXT, and for a transactional id.
    public func validateSupport() throws(ConfigurationError) {
        guard securityProtocol == .plaintext else {
            let key = "security.protocol"
            let message = "\(key)=\(securityProtocol.rawValue) is not supported by this version; only PLAINTEXT is"
            throw ConfigurationError(
                message: message,
                key: key,
                value: securityProtocol.rawValue,
                origin: origin(of: key)
            )
        }
        if let transactionalID {
            let key = "transactional.id"
            let message = "\(key)=\(transactionalID): transactions are not supported by this version"
            throw ConfigurationError(message: message, key: key, value: transactionalID, origin: origin(of: key))
        }
    }

    /// Where a setting was written, or `nil` for a default or a value set in code.
    ///
    /// - Parameter key: the setting's name.
    /// - Returns: the origin.
    public func origin(of key: String) -> PropertyOrigin? {
        effectiveValues.first { $0.key == key }?.origin
    }

    private func validateIdempotence() throws(ConfigurationError) {
        if idempotence == .required {
            guard retries > 0 else {
                throw conflict("retries", "Must set retries to non-zero when using the idempotent producer.")
            }
            guard acks == .all else {
                let message =
                    "Must set acks to all in order to use the idempotent producer. "
                    + "Otherwise we cannot guarantee idempotence."
                throw conflict("acks", message)
            }
        }
        let inFlight = maxInFlightRequestsPerConnection
        guard idempotence == .off || inFlight <= 5 else {
            let key = "max.in.flight.requests.per.connection"
            let message =
                "To use the idempotent producer, \(key) must be set to at most 5. Current value is \(inFlight)."
            throw conflict(key, message)
        }
        guard isIdempotenceEnabled || transactionalID == nil else {
            throw conflict("transactional.id", "Cannot set a transactional.id without also enabling idempotence.")
        }
    }

    private func conflict(_ key: String, _ message: String) -> ConfigurationError {
        ConfigurationError(message: message, key: key, origin: origin(of: key))
    }

    /// The numbers that have a rule of their own, in the order in which the Java client checks them.
    private var numbers: [(key: String, number: Int64)] {
        var numbers: [(key: String, number: Int64)] = [
            ("buffer.memory", Int64(bufferMemory)),
            ("retries", Int64(retries)),
        ]
        switch compression {
        case .none, .snappy: break
        case .gzip(let level): numbers.append(("compression.gzip.level", Int64(level)))
        case .lz4(let level): numbers.append(("compression.lz4.level", Int64(level)))
        case .zstd(let level): numbers.append(("compression.zstd.level", Int64(level)))
        }
        numbers += [
            ("batch.size", Int64(batchSize)),
            ("partitioner.availability.timeout.ms", partitionerAvailabilityTimeout?.wholeMilliseconds ?? 0),
            ("linger.ms", linger.wholeMilliseconds),
            ("delivery.timeout.ms", deliveryTimeout.wholeMilliseconds),
            ("send.buffer.bytes", Int64(sendBufferBytes ?? -1)),
            ("receive.buffer.bytes", Int64(receiveBufferBytes ?? -1)),
            ("max.request.size", Int64(maxRequestSize)),
            ("reconnect.backoff.ms", reconnectBackoff.wholeMilliseconds),
            ("reconnect.backoff.max.ms", reconnectBackoffMax.wholeMilliseconds),
            ("retry.backoff.ms", retryBackoff.wholeMilliseconds),
            ("retry.backoff.max.ms", retryBackoffMax.wholeMilliseconds),
            ("max.block.ms", maxBlock.wholeMilliseconds),
            ("request.timeout.ms", requestTimeout.wholeMilliseconds),
            ("metadata.max.age.ms", metadataMaxAge.wholeMilliseconds),
            ("metadata.max.idle.ms", metadataMaxIdle.wholeMilliseconds),
            ("max.in.flight.requests.per.connection", Int64(maxInFlightRequestsPerConnection)),
            ("metadata.recovery.rebootstrap.trigger.ms", metadataRebootstrapTrigger.wholeMilliseconds),
        ]
        return numbers
    }
}

extension Duration {
    /// The duration in milliseconds, parts of one dropped towards the past, and held within 64 bits.
    fileprivate var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflows else { return seconds < 0 ? .min : .max }
        let part = attoseconds / 1_000_000_000_000_000 - (attoseconds % 1_000_000_000_000_000 < 0 ? 1 : 0)
        return product.addingReportingOverflow(part).overflow ? .max : product + part
    }
}
