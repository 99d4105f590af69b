// SPDX-License-Identifier: Apache-2.0

/// What can be asked of a producer while it works.
extension KafkaProducer {
    /// What is waited for now, the likeliest cause first; empty when there is nothing to send.
    ///
    /// - Returns: the reasons, each of which reads as the end of "waiting: ".
    public func stallReasons() async -> [StallReason] {
        isOpen ? await sender.stallReasons() : []
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
        isOpen ? await sender.currentMetrics(waits: waits.current) : []
    }

    /// Where the time went so far: what tells apart whether the codec, memory or a broker limits a load.
    ///
    /// - Returns: the times; all zero once the producer is closed.
    public func profile() async -> LoadProfile {
        guard isOpen else { return LoadProfile() }
        var profile = await sender.currentProfile()
        let waits = waits.current
        profile.memoryWait = .nanoseconds(Int64(waits.memory.total))
        profile.flushWait = .nanoseconds(waits.flush)
        return profile
    }
}
