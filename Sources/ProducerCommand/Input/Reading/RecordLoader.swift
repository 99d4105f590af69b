// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The reading thread: takes records out of the inputs and appends them to batches.
///
/// It reads its first chunk while the producer is still getting to know the cluster. For a record of a value alone there
/// is no allocation, no lock and no clock: time is read once a chunk, and a whole run is appended under one lock. When
/// memory is used up it waits; the input is the buffer.
struct RecordLoader {
    /// How much is asked for in one read. It fits the cache, so that what `read(2)` has written is parted from there.
    static let chunkSize = 512 * 1024

    let sources: [InputSource]
    let settings: RecordSettings
    let gate: AppenderGate
    let wakeUp: WakeUp
    let log: DeliveryLog
    let counters: LoadCounters
    /// Where to begin in each input, and what notes how far reading has come.
    let checkpoint: CheckpointKeeper?
    /// Whether the last input's end is waited out.
    let follows: Bool
    /// The transactions of the load, if it has any.
    let chain: TransactionChain?
    /// Follows a load that is sent exactly once, and says where to begin.
    let keeper: LoadKeeper?
    /// Whether what lies before that counts as skipped.
    let countsSkipped: Bool
    /// Bounds its speed and length, if these are bounded.
    var governor: LoadGovernor?

    /// Where the first byte of the buffer lies, counted over all inputs.
    var base: UInt64 = 0
    /// What a person was warned of already; once is enough for all inputs.
    private var reportedGlances: Set<InputGlance> = []
    /// The input that was begun last.
    private var source: InputSource?
    /// What is known of it.
    private var context = InputContext()
    /// The descriptor of the file that is followed, which may have lost the name of its input.
    var followed: Int32?
    /// Whether the next bytes are the first of an input.
    private var isFirstChunk = false
    /// Whether an interruption has left nothing unread.
    private var isAtEnd = false
    /// While there are no lanes, the number of the record that comes next: what an earlier run has delivered, or what was
    /// refused with the topic.
    private(set) var ordinal: UInt64 = 0

    init(
        sources: [InputSource],
        settings: RecordSettings,
        gate: AppenderGate,
        wakeUp: WakeUp,
        log: DeliveryLog,
        counters: LoadCounters,
        checkpoint: CheckpointKeeper? = nil,
        follows: Bool = false,
        chain: TransactionChain? = nil,
        keeper: LoadKeeper? = nil,
        countsSkipped: Bool = true,
        bounds: LoadBounds = LoadBounds()
    ) {
        self.sources = sources
        self.settings = settings
        self.gate = gate
        self.wakeUp = wakeUp
        self.log = log
        self.counters = counters
        self.checkpoint = checkpoint
        self.follows = follows
        self.chain = chain
        self.keeper = keeper
        self.countsSkipped = countsSkipped
        governor = LoadGovernor(bounds, wakeUp: wakeUp, counters)
        guard let origin = keeper?.committed.origin else { return }
        (base, ordinal) = (origin.offset, origin.record)
    }

    /// Reads all inputs; returns when they have ended and every record is handed over or counted as failed.
    @available(*, noasync)
    mutating func run() -> LoadEnd {
        defer { counters.threadEnds() }
        var buffer = InputBuffer(chunkSize: Self.chunkSize, longestRecord: settings.longestInput)
        var lanes: RecordLanes?
        defer { if let refusal = lanes?.refusal { gate.noteRefusal(refusal) } }
        if countsSkipped { log.skipped(ordinal) }
        for (index, source) in sources.enumerated().dropFirst(keeper?.firstInput ?? 0) {
            do throws(InputError) {
                let start =
                    keeper?.start(ofInput: index) ?? checkpoint?.start(ofInput: index) ?? (records: 0, offset: 0)
                let isLast = index == sources.count - 1
                guard try load(source, index, from: start, isLast: isLast, &buffer, &lanes) else {
                    return isAtEnd || governor?.isComplete == true ? .endOfInput : .interrupted
                }
            } catch {
                return .unreadable(error, unread: Array(sources[(index + 1)...]))
            }
        }
        // Without any input nothing is sent, but whether it could be is waited for.
        if lanes == nil { _ = gate.wait() }
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
        _ lanes: inout RecordLanes?
    ) throws(InputError) -> Bool {
        let follows = follows && isLast
        if follows, case .file(let path) = source, InputDescriptor.canBeFollowed(path) {
            return try follow(path, index, from: start, &buffer, &lanes)
        }
        var reader = try ChunkReader(
            opening: source,
            wakeUp: wakeUp,
            from: start.offset,
            of: keeper?.tape(ofInput: index),
            outlivesWriters: follows,
            form: settings.form,
            notices: log.inputNotices
        )
        begin(source, index, start, &lanes)
        isAtEnd = false
        let isDone = try load(&reader, &buffer, &lanes)
        if isDone {
            checkpoint?.ended(input: index, at: CheckpointTracker.Mark(record: lanes?.ordinal ?? ordinal, offset: base))
        }
        // After an interruption there may be nothing that was not read.
        if !isDone { isAtEnd = isAtEnd && isLast && reader.isAtEnd }
        return isDone
    }

    /// Notes that an input begins, and passes what an earlier run has delivered of it.
    mutating func begin(
        _ source: InputSource,
        _ index: Int,
        _ start: (records: UInt64, offset: UInt64),
        replacing fingerprint: FileFingerprint? = nil,
        _ lanes: inout RecordLanes?
    ) {
        let ordinal = lanes?.ordinal ?? ordinal
        self.source = source
        isFirstChunk = start.offset == 0
        log.began(source, firstRecord: ordinal, firstOffset: base)
        let begin = CheckpointTracker.Mark(record: ordinal, offset: base)
        base += start.offset
        let reading = CheckpointTracker.Mark(record: ordinal + start.records, offset: base)
        checkpoint?.began(input: index, at: begin, reading: reading, replacing: fingerprint)
        keeper?.began(index, at: begin, followed)
        if countsSkipped { log.skipped(start.records) }
        context = InputContext(name: source.name, columns: start.offset > 0 ? columns(of: source) : nil)
        lanes?.begin(context)
        if lanes == nil { self.ordinal += start.records } else { lanes?.skip(start.records) }
        counters.update(records: reading.record, bytes: base)
    }

    /// Reads one input; false when that ended before the input did.
    @available(*, noasync)
    private mutating func load(
        _ reader: inout ChunkReader,
        _ buffer: inout InputBuffer,
        _ lanes: inout RecordLanes?
    ) throws(InputError) -> Bool {
        var splitter = splitter
        var isFirstRead = true
        while true {
            Self.release(&buffer, &splitter, &base)
            let start = ContinuousClock.now
            let outcome = try read(&reader, into: &buffer, wanting: lanes?.chunkSize ?? Self.chunkSize)
            counters.readInput(since: start)
            guard outcome != .interrupted else {
                isAtEnd = buffer.count == 0 && splitter.skipped == nil
                return false
            }
            // What is too long to be kept cannot be found in the file then.
            if isFirstRead, reader.changesBytes { log.inputIsChanged() }
            isFirstRead = false
            let isEnd = outcome == .end
            guard handOver(buffer, at: base, &splitter, isEnd: isEnd, &lanes) else {
                isAtEnd = splitter.start == buffer.count && splitter.skipped == nil
                return lanes == nil && isEnd
            }
            guard !isEnd else { break }
        }
        base += UInt64(buffer.count)
        buffer.release(buffer.count)
        return true
    }

    /// Reads what there is, waiting for something; from a pipe also what has come meanwhile, up to `wanted` bytes.
    @available(*, noasync)
    private func read(
        _ reader: inout ChunkReader,
        into buffer: inout InputBuffer,
        wanting wanted: Int
    ) throws(InputError) -> ChunkReader.Outcome {
        var outcome = try readOnce(&reader, into: &buffer, wanting: wanted)
        guard wanted > Self.chunkSize, case .bytes(var count) = outcome else { return outcome }
        while wanted - count > Self.chunkSize / 2, reader.hasMore {
            switch try readOnce(&reader, into: &buffer, wanting: wanted - count) {
            case .bytes(let more): count += more
            case .end: return .end
            // What was read is handed over first.
            case .interrupted: return outcome
            }
            outcome = .bytes(count)
        }
        return outcome
    }

    @available(*, noasync)
    private func readOnce(
        _ reader: inout ChunkReader,
        into buffer: inout InputBuffer,
        wanting wanted: Int
    ) throws(InputError) -> ChunkReader.Outcome {
        var outcome = ChunkReader.Outcome.end
        _ = unsafe try buffer.fill(wanting: wanted) { memory throws(InputError) in
            outcome = unsafe try reader.read(into: memory)
            return if case .bytes(let count) = outcome { count } else { 0 }
        }
        return outcome
    }

    /// Finds the records of an input.
    var splitter: RecordSplitter {
        settings.format.splitter(limit: settings.format.longestInput(holding: settings.longestHeld))
    }

    /// Lets go of the bytes that are dealt with.
    static func release(_ buffer: inout InputBuffer, _ splitter: inout RecordSplitter, _ base: inout UInt64) {
        let released = splitter.releasable(in: buffer.bytes)
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
        _ lanes: inout RecordLanes?
    ) -> Bool {
        guard governor == nil else {
            return handOverInShares(buffer, at: base, &splitter, isEnd: isEnd, &lanes)
        }
        return handOver(buffer, upTo: buffer.count, at: base, &splitter, isEnd: isEnd, &lanes)
    }

    /// The same for a buffer's first bytes.
    @available(*, noasync)
    mutating func handOver(
        _ buffer: borrowing InputBuffer,
        upTo end: Int,
        at base: UInt64,
        _ splitter: inout RecordSplitter,
        isEnd: Bool,
        _ lanes: inout RecordLanes?
    ) -> Bool {
        if let chain { return handOver(buffer, upTo: end, at: base, &splitter, isEnd: isEnd, &lanes, in: chain) }
        return handOver(buffer, to: end, at: base, &splitter, isEnd: isEnd, &lanes)
    }

    /// Hands over the records of a buffer's first bytes, up to `end`.
    @available(*, noasync)
    mutating func handOver(
        _ buffer: borrowing InputBuffer,
        to end: Int,
        at base: UInt64,
        _ splitter: inout RecordSplitter,
        isEnd: Bool,
        _ lanes: inout RecordLanes?
    ) -> Bool {
        if isFirstChunk, buffer.count > 0 { glance(at: buffer.bytes) }
        let refusal = lanes == nil ? openLanes(&lanes) : nil
        let chunk = Chunk(buffer.bytes.extracting(0..<end), at: base, isEnd: isEnd)
        if let refusal {
            let unsent = UnsentRecords(settings: settings, log: log)
            ordinal = unsent.refuseAll(in: chunk, &splitter, from: ordinal, refusal)
        }
        let hasRoom = lanes?.send(chunk, &splitter) ?? false
        let record = lanes?.ordinal ?? ordinal
        counters.update(records: record, bytes: base + UInt64(splitter.start))
        checkpoint?.read(to: CheckpointTracker.Mark(record: record, offset: splitter.end(from: base)))
        lanes?.waitForReceipts()
        return hasRoom
    }

    /// Warns of an input that does not look like lines of text.
    private mutating func glance(at bytes: Span<UInt8>) {
        isFirstChunk = false
        guard let source, let glance = InputGlance(bytes, format: settings.format),
            reportedGlances.insert(glance).inserted
        else { return }
        log.inputNotices.warn(glance.warning(for: source))
    }

    /// The columns of a file that is not read from its beginning, where these are in its first row.
    @available(*, noasync)
    private func columns(of source: InputSource) -> [String]? {
        guard case .csv(let format) = settings.format, case .file(let path) = source,
            let beginning = followed.map({ FilePart(of: $0, at: 0, count: 1 << 20).bytes }) ?? beginning(of: path)
        else { return nil }
        var splitter = settings.format.splitter(limit: .max)
        guard let row = splitter.next(in: beginning.span) else { return nil }
        var parser = CSVParser(format)
        return try? parser.columns(row, in: beginning.span)
    }

    /// The first bytes of a file, as they are read.
    @available(*, noasync)
    private func beginning(of path: String) -> [UInt8]? {
        guard var reader = try? ChunkReader(opening: .file(path), wakeUp: wakeUp, form: settings.form) else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let outcome = unsafe bytes.withUnsafeMutableBytes { memory in unsafe try? reader.read(into: memory) }
        guard case .bytes(let count)? = outcome else { return nil }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Whether there are lanes, once the cluster is known.
    @available(*, noasync)
    func openLanes(ifNeeded lanes: inout RecordLanes?) -> Bool {
        if lanes == nil { _ = openLanes(&lanes) }
        return lanes != nil
    }

    /// Waits until the cluster is known; returns why it cannot be, when the records that were read have failed.
    @available(*, noasync)
    private func openLanes(_ lanes: inout RecordLanes?) -> RecordFault? {
        let start = ContinuousClock.now
        let answer = gate.wait()
        counters.clusterKnown(since: start)
        switch answer {
        case .topic(let topic, let partition, let producer):
            do throws(ProducerError) {
                lanes = open(LoadTarget(try producer.waitForAppender(topic: topic, partition: partition)))
            } catch {
                return .notSent(error.kind, Summary.explanation(of: error))
            }
        case .topics(let producer): lanes = open(LoadTarget(topicsOf: producer))
        case .refused(let fault): return fault
        }
        return nil
    }

    private func open(_ target: LoadTarget) -> RecordLanes {
        var handover = Handover(to: target, settings, log, wakeUp, checkpoint)
        handover.pacing = settings.pace.map { Pacing($0, wakeUp: wakeUp, counters) }
        var lanes = RecordLanes(handover)
        lanes.skip(ordinal)
        lanes.begin(context)
        return lanes
    }
}
