// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Reads the inputs as a load would, and takes every record into an account instead of sending it.
struct DryRunLoader: ~Copyable {
    private static let chunkSize = 512 * 1024

    private let sources: [InputSource]
    private let settings: RecordSettings
    private let most: UInt64
    private let wakeUp: WakeUp
    private let notices: InputNotices
    private let onRecord: (ProducerRecord, InputPlace, Int32?) -> Bool
    private var parser: RecordParser
    private var sample: CompressionSample
    private var account: DryRunAccount
    private var line: UInt64 = 0
    private var context = InputContext()

    /// `onRecord` gets each good record, its place and its partition; false ends reading.
    init(
        _ plan: SendPlan,
        _ settings: RecordSettings,
        _ account: DryRunAccount,
        sample: consuming CompressionSample,
        wakeUp: WakeUp,
        notices: InputNotices,
        onRecord: @escaping (ProducerRecord, InputPlace, Int32?) -> Bool
    ) {
        (sources, most, self.settings, self.wakeUp) = (plan.sources, plan.bounds.count ?? .max, settings, wakeUp)
        (self.account, self.notices, self.onRecord) = (account, notices, onRecord)
        self.sample = sample
        parser = RecordParser(settings)
    }

    /// What all comes to.
    struct Result: Sendable {
        var account: DryRunAccount
        var end: LoadEnd
        /// Of a sample: bytes of batches before and after the codec.
        var plainBytes: Int
        var compressedBytes: Int
    }

    /// Reads all inputs.
    @available(*, noasync)
    consuming func run() -> Result {
        var buffer = InputBuffer(chunkSize: Self.chunkSize, longestRecord: settings.longestInput)
        var end = LoadEnd.endOfInput
        for (index, source) in sources.enumerated() {
            do throws(InputError) {
                guard try load(source, &buffer) else {
                    end = account.ledger.read >= most ? .endOfInput : .interrupted
                    break
                }
            } catch {
                end = .unreadable(error, unread: Array(sources[(index + 1)...]))
                break
            }
        }
        sample.finishBatch()
        return Result(
            account: account,
            end: end,
            plainBytes: sample.plainBytes,
            compressedBytes: sample.compressedBytes
        )
    }

    /// Reads one input; false when nothing more is to be read.
    @available(*, noasync)
    private mutating func load(_ source: InputSource, _ buffer: inout InputBuffer) throws(InputError) -> Bool {
        var reader = try ChunkReader(
            opening: source,
            wakeUp: wakeUp,
            form: settings.form,
            notices: notices
        )
        var splitter = settings.format.splitter(
            limit: settings.format.longestInput(holding: settings.longestHeld)
        )
        context = InputContext(name: source.name, columns: nil)
        // Without columns nothing can be wrong with them yet.
        try? parser.begin(context)
        var base: UInt64 = 0
        line = 0
        while true {
            RecordLoader.release(&buffer, &splitter, &base)
            var outcome = ChunkReader.Outcome.end
            _ = unsafe try buffer.fill { memory throws(InputError) in
                outcome = unsafe try reader.read(into: memory)
                return if case .bytes(let count) = outcome { count } else { 0 }
            }
            guard outcome != .interrupted else { return false }
            let goesOn = take(Chunk(buffer.bytes, at: base, isEnd: outcome == .end), &splitter, of: source.name)
            guard goesOn else { return false }
            guard outcome == .end else { continue }
            buffer.release(buffer.count)
            return true
        }
    }

    /// Takes the records of a chunk; false when nothing more is to be read.
    private mutating func take(_ chunk: Chunk, _ splitter: inout RecordSplitter, of input: String) -> Bool {
        if let skipped = splitter.skipped {
            let offset = chunk.base + UInt64(splitter.start) - UInt64(skipped)
            let size = splitter.endOfSkipped(in: chunk.bytes)
            guard let size = size ?? (chunk.isEnd ? splitter.lastOfSkipped(in: chunk.bytes) : nil) else { return true }
            let (limit, setting) = (settings.longestRecord, settings.longestRecordSetting)
            line += 1
            let place = InputPlace(input: input, line: line, offset: offset)
            account.refuse(.tooLarge(size: size, limit: limit, setting: setting), at: place)
        }
        while account.ledger.read < most {
            var next = splitter.next(in: chunk.bytes)
            if next == nil, chunk.isEnd { next = splitter.last(in: chunk.bytes) }
            guard let range = next else { return true }
            let isRowOfColumns = parser.awaitsColumns
            if !isRowOfColumns { line += 1 }
            let place = InputPlace(input: input, line: line, offset: chunk.offset(of: range))
            if isRowOfColumns {
                guard takeColumns(range, of: chunk, at: place) else { return false }
                continue
            }
            guard !settings.skipsEmpty || !range.isEmpty else {
                account.pass()
                continue
            }
            guard take(range, of: chunk, at: place) else { return false }
        }
        return false
    }

    /// Takes the first row of an input, which names the columns and is no record; false when there are none to go by.
    private mutating func takeColumns(_ row: Range<Int>, of chunk: Chunk, at place: InputPlace) -> Bool {
        do throws(RecordFault) {
            context.columns = try parser.columns(row, in: chunk.bytes)
            try parser.begin(context)
            return true
        } catch {
            account.refuse(error, at: place)
            return false
        }
    }

    private mutating func take(_ range: Range<Int>, of chunk: Chunk, at place: InputPlace) -> Bool {
        do throws(RecordFault) {
            let record = parser.record(try parser.parse(range, in: chunk), in: chunk)
            let failed = account.ledger.failed
            account.take(record, at: place)
            guard account.ledger.failed == failed else { return true }
            sample.add(record)
            return onRecord(record, place, account.partition(of: record))
        } catch {
            account.refuse(error, at: place)
            return !parser.isOutOfStep
        }
    }
}
