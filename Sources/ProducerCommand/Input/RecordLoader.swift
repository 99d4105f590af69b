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
    var base: UInt64 = 0
    /// What a person was warned of already: once is enough for all inputs.
    private var toldLooks: Set<InputLook> = []
    /// The input that was begun last.
    private var source: InputSource?
    /// Whether the next bytes are the first of an input.
    private var isFirstLook = false
    /// Whether an interruption has left nothing unread.
    private var isAtEnd = false
    /// While there is no sink, the number of the record that comes next: what an earlier run has delivered, or what was
    /// refused with the topic.
    private(set) var ordinal: UInt64 = 0

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
        var buffer = InputBuffer(chunkSize: Self.chunkSize, longestRecord: template.longestInput)
        var sink: RecordSink?
        for (index, source) in sources.enumerated() {
            do throws(InputError) {
                let start = checkpoint?.start(ofInput: index) ?? (records: 0, offset: 0)
                let isLast = index == sources.count - 1
                guard try load(source, index, from: start, isLast: isLast, &buffer, &sink) else {
                    return isAtEnd ? .endOfInput : .interrupted
                }
            } catch {
                return .unreadable(error, unread: Array(sources[(index + 1)...]))
            }
        }
        // Without any input there is nobody to send to, but the answer to whether there could be is waited for.
        if sink == nil { _ = gate.wait() }
        return .endOfInput
    }

    /// Reads one source; false when that was interrupted.
    @available(*, noasync)
    private mutating func load(
        _ source: InputSource,
        _ index: Int,
        from start: (records: UInt64, offset: UInt64),
        isLast: Bool,
        _ buffer: inout InputBuffer,
        _ sink: inout RecordSink?
    ) throws(InputError) -> Bool {
        let follows = follows && isLast
        if follows, case .file(let path) = source, InputDescriptor.canBeFollowed(path) {
            return try follow(path, index, from: start, &buffer, &sink)
        }
        var reader = try ChunkReader(
            opening: source,
            wakeUp: wakeUp,
            from: start.offset,
            outlivesWriters: follows,
            notices: log.inputNotices
        )
        begin(source, index, start, &sink)
        isAtEnd = false
        let isDone = try load(&reader, &buffer, &sink)
        // After an interruption there may be nothing that was not read.
        if !isDone { isAtEnd = isAtEnd && isLast && reader.isAtEnd }
        return isDone
    }

    /// Tells that an input begins, and passes what an earlier run has delivered of it.
    mutating func begin(
        _ source: InputSource,
        _ index: Int,
        _ start: (records: UInt64, offset: UInt64),
        replacing fingerprint: FileFingerprint? = nil,
        _ sink: inout RecordSink?
    ) {
        let ordinal = sink?.ordinal ?? ordinal
        self.source = source
        isFirstLook = start.offset == 0
        log.began(source, firstRecord: ordinal, firstOffset: base)
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
        _ sink: inout RecordSink?
    ) throws(InputError) -> Bool {
        var splitter = splitter
        while true {
            Self.release(&buffer, &splitter, &base)
            var outcome = ChunkReader.Outcome.end
            let start = ContinuousClock.now
            _ = unsafe try buffer.fill { memory throws(InputError) in
                outcome = unsafe try reader.read(into: memory)
                return if case .bytes(let count) = outcome { count } else { 0 }
            }
            counters.readInput(since: start)
            guard outcome != .interrupted else {
                isAtEnd = buffer.count == 0 && splitter.skipped == nil
                return false
            }
            let isEnd = outcome == .end
            guard handOver(buffer, at: base, &splitter, isEnd: isEnd, &sink) else {
                isAtEnd = splitter.start == buffer.count && splitter.skipped == nil
                return sink == nil && isEnd
            }
            guard !isEnd else { break }
        }
        base += UInt64(buffer.count)
        buffer.release(buffer.count)
        return true
    }

    /// Finds the records of an input.
    var splitter: RecordSplitter {
        RecordSplitter(
            delimiter: template.format.delimiter,
            stripsCarriageReturn: template.format.stripsCarriageReturn,
            limit: template.longestHeld + template.format.overhead
        )
    }

    /// Lets go of the bytes that are dealt with.
    static func release(_ buffer: inout InputBuffer, _ splitter: inout RecordSplitter, _ base: inout UInt64) {
        let released = splitter.releasable(in: buffer.storage.span.extracting(0..<buffer.count))
        buffer.release(released)
        splitter.released(released)
        base += UInt64(released)
    }

    /// Hands over the records of a buffer whose first byte lies at `base` over all inputs; false when that ends the load.
    @available(*, noasync)
    mutating func handOver(
        _ buffer: borrowing InputBuffer,
        at base: UInt64,
        _ splitter: inout RecordSplitter,
        isEnd: Bool,
        _ sink: inout RecordSink?
    ) -> Bool {
        let bytes = buffer.storage.span.extracting(0..<buffer.count)
        if isFirstLook, !bytes.isEmpty { look(at: bytes) }
        guard var current = sink.take() ?? openSink(bytes, at: base, &splitter, isEnd: isEnd) else { return false }
        let hasRoom = current.send(bytes, at: base, &splitter, isEnd: isEnd)
        counters.update(records: current.ordinal, bytes: base + UInt64(splitter.start))
        let next = splitter.end(from: base)
        checkpoint?.read(to: CheckpointTracker.Mark(record: current.ordinal, offset: next))
        current.waitForReceipts()
        sink = current
        return hasRoom
    }

    /// Warns of an input that does not look like lines of text.
    private mutating func look(at bytes: Span<UInt8>) {
        isFirstLook = false
        guard let source, let look = InputLook(bytes, format: template.format), toldLooks.insert(look).inserted else {
            return
        }
        log.inputNotices.warn(look.warning(for: source))
    }

    /// Waits until the cluster is known. Nil when it cannot be: then the records that `bytes` holds whole have failed.
    @available(*, noasync)
    private mutating func openSink(
        _ bytes: Span<UInt8>,
        at base: UInt64,
        _ splitter: inout RecordSplitter,
        isEnd: Bool
    ) -> RecordSink? {
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
