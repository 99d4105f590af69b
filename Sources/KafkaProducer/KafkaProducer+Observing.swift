// SPDX-License-Identifier: Apache-2.0

/// What can be asked of a producer while it works.
extension KafkaProducer {
    /// What is waited for now, the likeliest cause first; empty when there is nothing to send.
    ///
    /// - Returns: the reasons, each of which reads as the end of "waiting: ".
    public func stallReasons() async -> [StallReason] {
        await ask([]) { $0.stallReasons() }
    }

    /// How long no broker has answered anything, if records have failed meanwhile since `delivery.timeout.ms` was over.
    ///
    /// - Returns: the time since the last answer of any broker; `nil` if nothing has run out of time since.
    public func silence() async -> Duration? {
        await ask(nil) { $0.timeInSilence() }
    }

    /// What was done so far, and what is held. Any thread may ask.
    public var statistics: ProducerStatistics {
        var statistics = counters.current
        statistics.batchesIncomplete = accumulator.incomplete.count
        statistics.bufferAvailable = accumulator.pool.available
        return statistics
    }

    /// The metrics of the Java client that this producer has, at this moment, sorted by group, name and tags.
    ///
    /// Counted per batch and request, over the window that `metrics.sample.window.ms` and `metrics.num.samples` make.
    ///
    /// - Returns: the metrics; none once the producer is closed.
    public func metrics() async -> [ProducerMetric] {
        let waits = waits.current
        return await ask([]) { $0.currentMetrics(waits: waits) }
    }

    /// Where the time went so far: this shows whether the codec, memory or a broker limits a load.
    ///
    /// - Returns: the times; all zero once the producer is closed.
    public func profile() async -> LoadProfile {
        guard var profile = await ask(nil, { $0.currentProfile() }) else { return LoadProfile() }
        let waits = waits.current
        profile.memoryWait = .nanoseconds(Int64(waits.memory.total))
        profile.flushWait = .nanoseconds(waits.flush)
        return profile
    }

    /// Asks the sender something, unless the producer is closed.
    private func ask<Answer: Sendable>(
        _ otherwise: Answer,
        _ question: @Sendable (isolated Sender) -> Answer
    ) async -> Answer {
        guard visits.enter() else { return otherwise }
        defer { visits.leave() }
        return await question(sender)
    }
}
