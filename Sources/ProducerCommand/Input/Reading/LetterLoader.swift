// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The reading thread of `resend`: takes the lines out of dead-letter files and hands over their records.
struct LetterLoader {
    /// How reading and handing over ended.
    struct End: Sendable {
        var load: LoadEnd
        /// The last line that was dealt with.
        var lastPlace: InputPlace?
        /// Why the cluster cannot be reached at all.
        var refusal: ProducerError?
    }

    private static let chunkSize = 256 * 1024

    let sources: [InputSource]
    /// No longer line is held, in bytes.
    let longestLine: Int
    let marks: ResentFiles
    let log: ResendLog
    let stop: StopRequest
    let notices: InputNotices
    private var lane: LetterLane
    private var topics: TopicLanes
    /// Where the file that is read begins, over all files.
    private var begin = RecordTag(number: 0, offset: 0)
    /// How many records were read.
    private var count: UInt64 = 0
    private var lastPlace: InputPlace?
    /// The checksum of the file that is read.
    private var hash = ResentHash()

    init(
        sources: [InputSource],
        longestLine: Int,
        producer: KafkaProducer,
        marks: ResentFiles,
        log: ResendLog,
        stop: StopRequest,
        notices: InputNotices
    ) {
        self.sources = sources
        self.longestLine = longestLine
        lane = LetterLane(producer.configuration, log)
        topics = TopicLanes(producer)
        self.marks = marks
        self.log = log
        self.stop = stop
        self.notices = notices
    }

    /// Reads all files; returns when every record is handed over or counted as failed, or when a stop was asked for.
    @available(*, noasync)
    mutating func run() -> End {
        var buffer = InputBuffer(chunkSize: Self.chunkSize, longestRecord: longestLine + 1)
        for (index, source) in sources.enumerated() {
            do throws(InputError) {
                let isLast = index == sources.count - 1
                if let end = try load(source, isLast: isLast, &buffer) { return end }
            } catch {
                return end(.unreadable(error, unread: []))
            }
        }
        return end(.endOfInput)
    }

    private func end(_ load: LoadEnd, refusal: ProducerError? = nil) -> End {
        End(load: load, lastPlace: lastPlace, refusal: refusal)
    }

    /// Reads one file; returns how all ended when it did not end before that.
    @available(*, noasync)
    private mutating func load(
        _ source: InputSource,
        isLast: Bool,
        _ buffer: inout InputBuffer
    ) throws(InputError) -> End? {
        var reader = try ChunkReader(opening: source, wakeUp: stop.wakeUp, notices: notices)
        var lines = DeadLetterLines(limit: longestLine, first: begin.number)
        let mark = marks.begin(source.name, first: begin.number)
        hash = ResentHash()
        log.began(source.name, at: begin)
        var base: UInt64 = 0
        while true {
            log.waitForRoom { stop.isRequested }
            RecordLoader.release(&buffer, &lines.splitter, &base)
            var outcome = ChunkReader.Outcome.end
            _ = unsafe try buffer.fill { memory throws(InputError) in
                outcome = unsafe try reader.read(into: memory)
                return if case .bytes(let count) = outcome { count } else { 0 }
            }
            if outcome == .interrupted {
                // There may be nothing that was not read.
                let isAtEnd = buffer.count == 0 && lines.splitter.skipped == nil && isLast && reader.isAtEnd
                return end(isAtEnd ? .endOfInput : .interrupted)
            }
            log.origins.waitForRoom()
            let isEnd = outcome == .end
            if let end = handOver(Chunk(buffer.bytes, at: base, isEnd: isEnd), of: source, &lines, mark) { return end }
            guard outcome == .end else { continue }
            begin = RecordTag(number: lines.ordinal, offset: begin.offset + base + UInt64(buffer.count))
            buffer.release(buffer.count)
            return nil
        }
    }

    /// Hands over the records of a chunk; returns how all ended when no other may follow.
    @available(*, noasync)
    private mutating func handOver(
        _ chunk: Chunk,
        of source: InputSource,
        _ lines: inout DeadLetterLines,
        _ mark: ResentFile?
    ) -> End? {
        var (last, records, skipped) = (DeadLetterLine?.none, UInt64(0), UInt64(0))
        var (load, refusal) = (LoadEnd?.none, ProducerError?.none)
        while let (line, range) = lines.next(in: chunk) {
            guard !stop.isRequested else {
                load = .interrupted
                break
            }
            count += 1
            log.read(count)
            if mark?.isDealtWith(line) == true {
                skipped += 1
            } else {
                let position = RecordTag(number: line.ordinal, offset: begin.offset + line.offset)
                refusal = lane.send(position, at: range, of: chunk, &topics)
                if refusal != nil {
                    // It is for another run.
                    count -= 1
                    log.read(count)
                    load = .interrupted
                    break
                }
                records += 1
            }
            last = line
        }
        if skipped > 0 { log.skipped(skipped) }
        if let last {
            lastPlace = InputPlace(input: source.name, line: last.number, offset: last.offset)
            let end = last.size.map { last.offset + UInt64($0) }
            mark?.read(to: last, records: records, hash: hash.pass(to: end, in: chunk))
            log.origins.read(to: last.ordinal + 1, records: records)
        }
        return load.map { end($0, refusal: refusal) }
    }
}
