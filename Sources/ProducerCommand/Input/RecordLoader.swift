// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol

/// The reading thread: takes records out of the inputs and appends them to batches.
///
/// It reads its first chunk while the producer is still getting to know the cluster. For a record of a value alone there
/// is no allocation, no lock and no clock: time is read once a chunk, and a whole run is appended under one lock. When
/// memory is used up it waits; the input is the buffer.
struct RecordLoader {
    /// How much is asked for in one read. It fits the cache, so that what `read(2)` has written is parted from there.
    static let chunkSize = 512 * 1024

    let sources: [InputSource]
    let template: RecordTemplate
    let gate: AppenderGate
    let wakeUp: WakeUp
    let log: DeliveryLog
    let counters: LoadCounters
    /// Where to begin in each input, and who is told how far reading has come.
    let checkpoint: CheckpointKeeper?
    /// Whether the last input's end is waited out.
    let follows: Bool

    /// Where the first byte of the buffer lies, counted over all inputs.
    private var base: UInt64 = 0
    /// Records of the inputs that an earlier run has delivered, before the first chunk of this one.
    private var skipped: UInt64 = 0

    init(
        sources: [InputSource],
        template: RecordTemplate,
        gate: AppenderGate,
        wakeUp: WakeUp,
        log: DeliveryLog,
        counters: LoadCounters,
        checkpoint: CheckpointKeeper? = nil,
        follows: Bool = false
    ) {
        self.sources = sources
        self.template = template
        self.gate = gate
        self.wakeUp = wakeUp
        self.log = log
        self.counters = counters
        self.checkpoint = checkpoint
        self.follows = follows
    }

    /// Reads all inputs; returns when they have ended and every record is handed over or counted as failed.
    @available(*, noasync)
    mutating func run() -> LoadEnd {
        let format = template.format
        let limit = template.longestRecord + format.overhead
        var buffer = InputBuffer(chunkSize: Self.chunkSize, longestRecord: limit + format.delimiter.count)
        var sink: RecordSink?
        for (index, source) in sources.enumerated() {
            do throws(InputError) {
                let start = checkpoint?.start(ofInput: index) ?? (records: 0, offset: 0)
                var reader = try ChunkReader(
                    opening: source,
                    wakeUp: wakeUp,
                    from: start.offset,
                    follows: follows && index == sources.count - 1
                )
                begin(source, start, &sink)
                guard try load(&reader, &buffer, limit: limit, &sink) else { return .interrupted }
            } catch {
                return .unreadable(error)
            }
        }
        // Without any input there is nobody to send to, but the answer to whether there could be is waited for.
        return sink != nil || gate.wait() != nil ? .endOfInput : .interrupted
    }

    /// Tells that an input begins, and passes what an earlier run has delivered of it.
    private mutating func begin(
        _ source: InputSource,
        _ start: (records: UInt64, offset: UInt64),
        _ sink: inout RecordSink?
    ) {
        let ordinal = sink?.ordinal ?? skipped
        log.began(source.name, firstRecord: ordinal, firstOffset: base)
        let begin = CheckpointTracker.Mark(record: ordinal, offset: base)
        base += start.offset
        let reading = CheckpointTracker.Mark(record: ordinal + start.records, offset: base)
        checkpoint?.began(at: begin, reading: reading)
        log.skipped(start.records)
        if sink == nil { skipped += start.records } else { sink?.skip(start.records) }
        counters.update(records: reading.record, bytes: base)
    }

    /// Reads one input; false when it was interrupted.
    @available(*, noasync)
    private mutating func load(
        _ reader: inout ChunkReader,
        _ buffer: inout InputBuffer,
        limit: Int,
        _ sink: inout RecordSink?
    ) throws(InputError) -> Bool {
        var splitter = RecordSplitter(
            delimiter: template.format.delimiter,
            stripsCarriageReturn: template.format.stripsCarriageReturn,
            limit: limit
        )
        while true {
            let released = splitter.releasable(in: buffer.storage.span.extracting(0..<buffer.count))
            buffer.release(released)
            splitter.released(released)
            base += UInt64(released)

            var outcome = ChunkReader.Outcome.end
            let start = ContinuousClock.now
            _ = unsafe try buffer.fill { memory throws(InputError) in
                outcome = unsafe try reader.read(into: memory)
                return if case .bytes(let count) = outcome { count } else { 0 }
            }
            counters.readInput(since: start)
            guard outcome != .interrupted, var current = sink.take() ?? openSink() else { return false }
            let isEnd = outcome == .end
            let bytes = buffer.storage.span.extracting(0..<buffer.count)
            let hasRoom = current.send(bytes, at: base, &splitter, isEnd: isEnd)
            counters.update(records: current.ordinal, bytes: base + UInt64(splitter.start))
            let next = current.unsentOffset ?? base + UInt64(splitter.start) - UInt64(splitter.skipped ?? 0)
            checkpoint?.read(to: CheckpointTracker.Mark(record: current.ordinal, offset: next))
            current.waitForReceipts()
            sink = current
            guard hasRoom else { return false }
            guard !isEnd else { break }
        }
        base += UInt64(buffer.count)
        buffer.release(buffer.count)
        return true
    }

    /// Waits until the cluster is known; nil when it cannot be.
    @available(*, noasync)
    private func openSink() -> RecordSink? {
        let start = ContinuousClock.now
        let appender = gate.wait()
        counters.clusterKnown(since: start)
        return appender.map { appender in
            var sink = RecordSink(appender: appender, template: template, log: log, wakeUp: wakeUp)
            sink.skip(skipped)
            return sink
        }
    }
}
