// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The thread that hands a perf run's records to the producer, each at its time or as fast as possible.
///
/// Records come out of a pool; nothing is allocated for one. A record's tag holds its ordinal and the time at which
/// it was to be sent, so that its latency includes every wait before it was sent (no coordinated omission).
struct LoadGenerator {
    /// How many records at most share a glance at the clock.
    private static let burst: UInt64 = 512

    let records: UInt64
    let schedule: RateSchedule
    let appender: RecordAppender
    let recorder: PerfRecorder
    let clock: RunClock
    let stop: StopRequest
    /// The transactions of the load, if it has any.
    var chain: TransactionChain?
    /// When the first record is due, by the clock.
    let start: UInt64

    private var values: ValueCursor
    private var keys: KeyMaker?
    private var key: [UInt8]
    /// The record that the key was made for.
    private var keyOrdinal = UInt64.max
    /// Records that were handed over or refused.
    private(set) var sent: UInt64 = 0
    /// How long it has slept until the next record was due, in microseconds.
    private(set) var pauses: UInt64 = 0

    init(
        _ load: PerfLoad,
        to appender: RecordAppender,
        recorder: PerfRecorder,
        run: Run,
        start: UInt64
    ) {
        (clock, stop) = (run.clock, run.stop)
        records = load.records
        schedule = load.schedule
        values = ValueCursor(load.pool, isShuffled: load.isShuffled)
        keys = load.keys
        key = load.keys?.blank ?? []
        self.appender = appender
        self.recorder = recorder
        self.start = start
    }

    /// Sends all records, or those until an end is asked for.
    @available(*, noasync)
    mutating func run() {
        let appendsRuns = appender.takesRuns(keyed: keys != nil) && keys == nil
        var now = clock.microseconds
        while sent < records, !stop.isRequested {
            let due = min(records, schedule.recordsDue(at: now - start))
            guard due > sent else {
                now = sleep(schedule.pause(at: now - start, sent: sent), from: now)
                continue
            }
            let burst = Burst(
                end: min(due, sent + Self.burst),
                timestamp: TimeText.now(),
                schedule: schedule,
                start: start,
                now: now
            )
            chain?.enter()
            defer { chain?.leave() }
            let hasRoom = appendsRuns ? sendRuns(burst) : sendEach(burst)
            recorder.generated(sent)
            let goesOn = chain?.handedOver(to: CheckpointTracker.Mark(record: sent, offset: 0)) ?? true
            guard hasRoom, goesOn else { return }
            now = clock.microseconds
        }
    }

    /// Sleeps for so long from `begin` on, or a little shorter, and returns when that was over.
    @available(*, noasync)
    private mutating func sleep(_ microseconds: UInt64, from begin: UInt64) -> UInt64 {
        if microseconds < 2000 {
            Pause.sleep(microseconds: microseconds)
        } else {
            // Long enough to notice a signal meanwhile; what is left of it is slept next time.
            _ = stop.wakeUp.wait(milliseconds: Int32(min(microseconds / 1000, 1000)))
        }
        let end = clock.microseconds
        pauses += end - begin
        return end
    }

    /// Records that are sent in one go.
    private struct Burst {
        /// The number of the first record behind them.
        let end: UInt64
        /// In milliseconds since 1970.
        let timestamp: Int64
        let schedule: RateSchedule
        let start: UInt64
        let now: UInt64

        /// When a record is due by the clock: without a rate that is now.
        func microseconds(ofRecord ordinal: UInt64) -> UInt64 {
            schedule.rate == nil ? now : start + schedule.microseconds(ofRecord: ordinal)
        }
    }

    /// One lock for as many records as the open batch takes.
    @available(*, noasync)
    private mutating func sendRuns(_ burst: Burst) -> Bool {
        while sent < burst.end {
            var fault: RecordFault?
            let outcome = appender.appendRun(timestamp: burst.timestamp) { run, output in
                fault = Self.fill(&run, &output, from: &values, &sent, burst)
            }
            if let fault { refuse(fault) }
            switch outcome {
            case .goOn, .partitionsChanged: break
            case .full: guard appender.waitForRoom() == .room else { return false }
            case .partitionStopped(let partition): refuse(.partitionStopped(partition))
            case .noSuchPartition(let partition):
                refuse(.noSuchPartition(appender.absence(ofPartition: partition)))
            }
        }
        return true
    }

    /// Appends values to a run until it or they end, or one can never be sent.
    private static func fill(
        _ run: inout RecordRun,
        _ output: inout OutputRawSpan,
        from values: inout ValueCursor,
        _ sent: inout UInt64,
        _ burst: Burst
    ) -> RecordFault? {
        while sent < burst.end {
            let position = RecordTag(number: sent, offset: burst.microseconds(ofRecord: sent))
            let outcome = run.append(
                value: values.storage.span.extracting(values.range),
                tag: position,
                into: &output
            )
            guard outcome == .appended else { return run.fault(after: outcome) }
            sent += 1
            values.advance()
        }
        return nil
    }

    /// Each record by itself, since its key chooses its partition.
    @available(*, noasync)
    private mutating func sendEach(_ burst: Burst) -> Bool {
        let isKeyed = keys != nil
        while sent < burst.end {
            if isKeyed, keyOrdinal != sent { makeKey() }
            let result = append(at: burst.microseconds(ofRecord: sent), burst.timestamp)
            switch result {
            case .appended:
                sent += 1
                values.advance()
            case .full:
                guard appender.waitForRoom() == .room else { return false }
            case .tooLarge(let size, let limit, let setting):
                refuse(.tooLarge(size: size, limit: limit, setting: setting))
            case .noSuchPartition(let partition):
                refuse(.noSuchPartition(appender.absence(ofPartition: partition)))
            case .partitionStopped(let partition):
                refuse(.partitionStopped(partition))
            }
        }
        return true
    }

    private func append(at due: UInt64, _ timestamp: Int64) -> RecordAppender.Outcome {
        let position = RecordTag(number: sent, offset: due)
        let details = RecordDetails(timestamp: timestamp, tag: position)
        let value = values.storage.span.extracting(values.range)
        guard keys != nil else {
            return appender.append(key: nil, value: value, details: details)
        }
        return appender.append(key: key.span, value: value, details: details)
    }

    private mutating func makeKey() {
        keys?.write(over: &key)
        keyOrdinal = sent
    }

    private mutating func refuse(_ fault: RecordFault) {
        recorder.refuse(fault)
        sent += 1
        values.advance()
    }
}
