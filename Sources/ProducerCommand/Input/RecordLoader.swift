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
    /// While there is no sink, the number of the record that comes next: what an earlier run has delivered, or what was
    /// refused with the topic.
    private var ordinal: UInt64 = 0

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
        defer { counters.threadEnds() }
        let longest = template.longestRecord + template.format.overhead + template.format.delimiter.count
        var buffer = InputBuffer(chunkSize: Self.chunkSize, longestRecord: longest)
        var sink: RecordSink?
        for (index, source) in sources.enumerated() {
            do throws(InputError) {
                let start = checkpoint?.start(ofInput: index) ?? (records: 0, offset: 0)
                let isLast = index == sources.count - 1
                guard try load(source, index, from: start, isLast: isLast, &buffer, &sink) else { return .interrupted }
            } catch {
                return .unreadable(error, unread: Array(sources[(index + 1)...]))
            }
        }
        // Without any input there is nobody to send to, but the answer to whether there could be is waited for.
        if sink == nil { _ = gate.wait() }
        return .endOfInput
    }

    /// Reads one source, and what takes its place while it is followed; false when that was interrupted.
    @available(*, noasync)
    private mutating func load(
        _ source: InputSource,
        _ index: Int,
        from start: (records: UInt64, offset: UInt64),
        isLast: Bool,
        _ buffer: inout InputBuffer,
        _ sink: inout RecordSink?
    ) throws(InputError) -> Bool {
        let limit = template.longestRecord + template.format.overhead
        let follows = follows && isLast
        let tell = { @Sendable [log] line in log.tell(line) }
        var reader = try ChunkReader(opening: source, wakeUp: wakeUp, from: start.offset, follows: follows, tell: tell)
        begin(source, index, start, &sink)
        while try load(&reader, &buffer, limit: limit, &sink) {
            guard let successor = reader.successor else { return true }
            log.tell("\(source.name) \(Self.words(for: successor)); going on from its beginning")
            let fingerprint = try checkpoint == nil ? nil : FileFingerprint(of: source.name)
            reader = try ChunkReader(opening: source, wakeUp: wakeUp, follows: true, tell: tell)
            begin(source, index, (records: 0, offset: 0), replacing: fingerprint, &sink)
        }
        return false
    }

    private static func words(for successor: ChunkReader.Successor) -> String {
        switch successor {
        case .newFile: "is another file now"
        case .truncated: "was cut off"
        }
    }

    /// Tells that an input begins, and passes what an earlier run has delivered of it.
    private mutating func begin(
        _ source: InputSource,
        _ index: Int,
        _ start: (records: UInt64, offset: UInt64),
        replacing fingerprint: FileFingerprint? = nil,
        _ sink: inout RecordSink?
    ) {
        let ordinal = sink?.ordinal ?? ordinal
        log.began(source.name, firstRecord: ordinal, firstOffset: base)
        let begin = CheckpointTracker.Mark(record: ordinal, offset: base)
        base += start.offset
        let reading = CheckpointTracker.Mark(record: ordinal + start.records, offset: base)
        checkpoint?.began(input: index, at: begin, reading: reading, replacing: fingerprint)
        log.skipped(start.records)
        if sink == nil { self.ordinal += start.records } else { sink?.skip(start.records) }
        counters.update(records: reading.record, bytes: base)
    }

    /// Reads one input; false when that ended before the input did.
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
            guard outcome != .interrupted else { return false }
            let isEnd = outcome == .end
            let bytes = buffer.storage.span.extracting(0..<buffer.count)
            guard var current = sink.take() ?? openSink(bytes, &splitter, isEnd: isEnd) else { return isEnd }
            let hasRoom = current.send(bytes, at: base, &splitter, isEnd: isEnd)
            counters.update(records: current.ordinal, bytes: base + UInt64(splitter.start))
            let next = base + UInt64(splitter.start) - UInt64(splitter.skipped ?? 0)
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

    /// Waits until the cluster is known. Nil when it cannot be: then the records that `bytes` holds whole have failed.
    @available(*, noasync)
    private mutating func openSink(_ bytes: Span<UInt8>, _ splitter: inout RecordSplitter, isEnd: Bool) -> RecordSink? {
        let start = ContinuousClock.now
        let answer = gate.wait()
        counters.clusterKnown(since: start)
        switch answer {
        case .appender(let appender):
            var sink = RecordSink(
                appender: appender,
                template: template,
                log: log,
                wakeUp: wakeUp,
                checkpoint: checkpoint
            )
            sink.skip(ordinal)
            return sink
        case .refused(let fault):
            let unsent = UnsentRecords(template: template, log: log)
            ordinal = unsent.refuseAll(in: bytes, at: base, &splitter, isEnd: isEnd, from: ordinal, fault)
            let offset = base + UInt64(splitter.start)
            counters.update(records: ordinal, bytes: offset)
            checkpoint?.read(to: CheckpointTracker.Mark(record: ordinal, offset: offset))
            return nil
        }
    }
}
