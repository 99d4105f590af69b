// SPDX-License-Identifier: Apache-2.0

/// The rules between settings, applied in the order in which the Java client does, so that the same one fails first.
struct ConfigurationRules {
    private let settings: MergedSettings
    /// The values as they hold after the rules applied so far.
    private(set) var values: ParsedSettings
    /// What the rules changed.
    private(set) var notices: [ConfigurationNotice] = []

    init(_ settings: MergedSettings) throws(ConfigurationError) {
        self.settings = settings
        values = try ParsedSettings(settings)
    }

    mutating func apply() throws(ConfigurationError) {
        try requireMechanism()
        try checkListeners()
        noteStaticBackoff("retry.backoff.ms", "retry.backoff.max.ms", "backoff")
        noteStaticBackoff(
            "socket.connection.setup.timeout.ms",
            "socket.connection.setup.timeout.max.ms",
            "connection setup timeout"
        )
        settleReconnectBackoff()
        settleAcks()
        try settleIdempotence()
        try checkTransactions()
        settleClientID()
        settlePartitioner()
        try checkRack()
        try settleDeliveryTimeout()
        try checkMemory()
    }

    private func requireMechanism() throws(ConfigurationError) {
        guard let name = values.text("security.protocol")?.uppercased(),
            SecurityProtocol(rawValue: name)?.usesSASL == true,
            values.text("sasl.mechanism") ?? "" == ""
        else { return }
        let key = "sasl.mechanism"
        throw ConfigurationError(key: key, value: nil, rule: LoginPlan.mechanismRule, origin: origin(key))
    }

    /// Java takes any protocol before a broker, and ignores it.
    private func checkListeners() throws(ConfigurationError) {
        let key = "bootstrap.servers"
        guard case .list(let servers) = values[key],
            let used = SecurityProtocol(rawValue: values.text("security.protocol")?.uppercased() ?? ""),
            let objection = BrokerListExplanation.text(servers, for: used)
        else { return }
        throw conflict(key, "\(key): \(objection)")
    }

    private mutating func noteStaticBackoff(_ key: String, _ maximumKey: String, _ what: String) {
        let value = values.integer(key)
        let maximum = values.integer(maximumKey)
        guard value > maximum else { return }
        values.limit(key, to: maximumKey)
        notices.append(
            adjusted(key, "\(key)=\(value) is above \(maximumKey)=\(maximum): the \(what) is always \(maximum) ms")
        )
    }

    /// The first wait set alone is every wait: the user did not ask for it to grow.
    private mutating func settleReconnectBackoff() {
        defer { values.limit("reconnect.backoff.ms", to: "reconnect.backoff.max.ms") }
        guard settings.contains("reconnect.backoff.ms"), !settings.contains("reconnect.backoff.max.ms") else { return }
        let value = values["reconnect.backoff.ms"]
        values["reconnect.backoff.max.ms"] = value
        let message =
            "reconnect.backoff.ms is set and reconnect.backoff.max.ms is not: every wait is \(value.text) ms"
        notices.append(adjusted("reconnect.backoff.ms", message, severity: .information))
    }

    private mutating func settleAcks() {
        if values.text("acks") == "all" { values["acks"] = .string("-1") }
    }

    /// Idempotence that the user did not ask for gives way to `retries` and `acks`, but never to too many requests in flight.
    private mutating func settleIdempotence() throws(ConfigurationError) {
        let key = "enable.idempotence"
        let isOn = values.isTrue(key)
        let rule = IdempotenceRule(
            idempotence: isOn ? (settings.contains(key) ? .required : .automatic) : .off,
            acks: values.text("acks") ?? "",
            retries: values.integer("retries"),
            inFlight: values.integer("max.in.flight.requests.per.connection"),
            isTransactional: settings.contains("transactional.id")
        )
        if let fault = rule.fault { throw conflict(fault.key, fault.message) }
        guard isOn, !rule.isEnabled else { return }
        values[key] = .boolean(false)
        let message = "idempotence is off because \(rule.obstacles.joined(separator: " and "))"
        notices.append(
            ConfigurationNotice(kind: .adjusted, severity: .information, key: key, origin: nil, message: message)
        )
    }

    private func checkTransactions() throws(ConfigurationError) {
        guard values.isTrue("transaction.two.phase.commit.enable"), settings.contains("transaction.timeout.ms") else {
            return
        }
        let message =
            "Cannot set transaction.timeout.ms when transaction.two.phase.commit.enable is set to true. "
            + "Transactions will not expire with two-phase commit enabled."
        throw conflict("transaction.timeout.ms", message)
    }

    private mutating func settleClientID() {
        guard !settings.contains("client.id") else { return }
        values["client.id"] = .string("producer-\(values.text("transactional.id") ?? "1")")
    }

    /// A former partitioner class that stood for a setting of the built-in one.
    private mutating func settlePartitioner() {
        guard values.text("partitioner.class").flatMap(PartitionerName.init(named:)) == .uniformSticky else { return }
        values["partitioner.ignore.keys"] = .boolean(true)
    }

    private func checkRack() throws(ConfigurationError) {
        guard !RackRule.allows(isRackAware: values.isTrue(RackRule.key), rack: values.text("client.rack") ?? "") else {
            return
        }
        throw conflict(RackRule.key, RackRule.message)
    }

    private mutating func settleDeliveryTimeout() throws(ConfigurationError) {
        let key = DeliveryTimeoutRule.key
        let rule = DeliveryTimeoutRule(
            linger: values.duration("linger.ms"),
            requestTimeout: values.duration("request.timeout.ms")
        )
        guard !rule.allows(values.duration(key)) else { return }
        let least = rule.least.flooredMilliseconds
        guard !settings.contains(key) else {
            var error = conflict(key, DeliveryTimeoutRule.message)
            error.explanation =
                "\(key)=\(values.integer(key)) is too short: it has to be at least \(least), which is "
                + "\(shown("linger.ms")) + \(shown("request.timeout.ms"))"
            throw error
        }
        values[key] = .integer(least)
        notices.append(adjusted(key, "\(key) is raised to \(least), the sum of linger.ms and request.timeout.ms"))
    }

    /// Java takes any size, and then waits for memory that never comes.
    private func checkMemory() throws(ConfigurationError) {
        let key = "buffer.memory"
        if let objection = RecordSizeLimit.objection(toMemory: values.integer(key)) { throw conflict(key, objection) }
    }

    /// A setting with its value and where that was written.
    private func shown(_ key: String) -> String {
        "\(key)=\(values.integer(key)) (\(origin(key).map { "from \($0)" } ?? "the default"))"
    }

    private func origin(_ key: String) -> PropertyOrigin? { settings[key]?.origin }

    private func conflict(_ key: String, _ message: String) -> ConfigurationError {
        ConfigurationError(message: message, key: key, value: settings[key]?.text, origin: origin(key))
    }

    private func adjusted(
        _ key: String,
        _ message: String,
        severity: ConfigurationNotice.Severity = .warning
    ) -> ConfigurationNotice {
        ConfigurationNotice(kind: .adjusted, severity: severity, key: key, origin: origin(key), message: message)
    }
}
