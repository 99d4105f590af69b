// SPDX-License-Identifier: Apache-2.0

extension ProducerConfiguration {
    /// Checks values that were set in code, by the rules that hold for settings files.
    ///
    /// - Throws: `ConfigurationError` for the first value that is wrong, with the name of Kafka's key.
    public func validate() throws(ConfigurationError) {
        var copy = self
        for key in ProducerConfigKey.all {
            guard let value = key.property?.value(in: self) else { continue }
            let origin = origin(of: key.name)
            try key.check(value, origin: origin)
            try key.assign(value, origin: origin, to: &copy)
        }
        if let fault = idempotenceRule.fault { throw conflict(fault.key, fault.message) }
        guard RackRule.allows(isRackAware: isPartitionerRackAware, rack: clientRack) else {
            throw conflict(RackRule.key, RackRule.message)
        }
        if let objection = RecordSizeLimit.objection(toMemory: Int64(bufferMemory)) {
            throw conflict("buffer.memory", objection)
        }
        let rule = DeliveryTimeoutRule(linger: linger, requestTimeout: requestTimeout)
        guard rule.allows(deliveryTimeout) else { throw conflict(DeliveryTimeoutRule.key, DeliveryTimeoutRule.message) }
    }

    /// Refuses what this version cannot do: to go on without it would end transactions that somebody else is to end.
    ///
    /// - Throws: `ConfigurationError` for two-phase commit.
    public func validateSupport() throws(ConfigurationError) {
        guard isTwoPhaseCommitEnabled else { return }
        let key = "transaction.two.phase.commit.enable"
        let message =
            "\(key)=true is not supported: an outer coordinator would end the transactions, which the brokers' protocol for "
            + "it is not ready for; leave it out"
        throw ConfigurationError(message: message, key: key, value: "true", origin: origin(of: key))
    }

    private func conflict(_ key: String, _ message: String) -> ConfigurationError {
        ConfigurationError(message: message, key: key, origin: origin(of: key))
    }
}
