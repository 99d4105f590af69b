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

    /// Where the first byte of the buffer lies, counted over all inputs.
    private var base: UInt64 = 0

    init(
        sources: [InputSource],
        template: RecordTemplate,
        gate: AppenderGate,
        wakeUp: WakeUp,
        log: DeliveryLog,
        counters: LoadCounters
    ) {
        self.sources = sources
        self.template = template
        self.gate = gate
        self.wakeUp = wakeUp
        self.log = log
        self.counters = counters
    }

    /// Reads all inputs; returns when they have ended and every record is handed over or counted as failed.
    @available(*, noasync)
    mutating func run() -> LoadEnd {
        let format = template.format
        let limit = template.longestRecord + format.overhead
        var buffer = InputBuffer(chunkSize: Self.chunkSize, longestRecord: limit + format.delimiter.count)
        var sink: RecordSink?
        for source in sources {
            do throws(InputError) {
                var reader = try ChunkReader(opening: source, wakeUp: wakeUp)
                log.began(source.name, firstRecord: sink?.ordinal ?? 0, firstOffset: base)
                guard try load(&reader, &buffer, limit: limit, &sink) else { return .interrupted }
            } catch {
                return .unreadable(error)
            }
        }
        // Without any input there is nobody to send to, but the answer to whether there could be is waited for.
        return sink != nil || gate.wait() != nil ? .endOfInput : .interrupted
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
            _ = unsafe try buffer.fill { memory throws(InputError) in
                outcome = unsafe try reader.read(into: memory)
                return if case .bytes(let count) = outcome { count } else { 0 }
            }
            guard outcome != .interrupted, var current = sink.take() ?? openSink() else { return false }
            let isEnd = outcome == .end
            let bytes = buffer.storage.span.extracting(0..<buffer.count)
            let hasRoom = current.send(bytes, at: base, &splitter, isEnd: isEnd)
            counters.update(records: current.ordinal, bytes: base + UInt64(splitter.start))
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
        gate.wait().map { RecordSink(appender: $0, template: template, log: log, wakeUp: wakeUp) }
    }
}
