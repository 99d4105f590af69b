// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol
import KafkaRecords

/// Hands the records of a chunk to the producer, or counts them as failed when they can never be sent.
struct RecordSink {
    /// The ways to hand records over; the first that fits is taken.
    private enum Way {
        /// Records are their values alone, and all of a run go to one partition.
        case runs
        /// Each record's key, in front of this separator, chooses its partition.
        case byKey(separator: BytePattern)
        /// Whatever else there is.
        case oneByOne
    }

    let appender: RecordAppender
    let template: RecordTemplate
    let parser: RecordParser
    private let log: DeliveryLog
    private let unsent: UnsentRecords
    private let wakeUp: WakeUp
    private let checkpoint: CheckpointKeeper?
    private let way: Way
    let fixedHeaders: EncodedHeaders
    /// Records that are about to be appended, by partition.
    var gathered = KeyedRecords()
    private var serializedKey: [UInt8] = []
    private var serializedValue: [UInt8] = []

    /// The number of the record that comes next, from 0 over all inputs: how many were dealt with.
    var ordinal: UInt64 = 0
    /// Whether a record was refused and no other may follow.
    private(set) var isAborted = false
    /// Whether the wait for memory was ended, so that what is left of the chunk cannot be sent.
    var isInterrupted = false

    init(
        appender: RecordAppender,
        template: RecordTemplate,
        log: DeliveryLog,
        wakeUp: WakeUp,
        checkpoint: CheckpointKeeper?
    ) {
        self.checkpoint = checkpoint
        self.appender = appender
        self.template = template
        self.log = log
        unsent = UnsentRecords(template: template, log: log)
        self.wakeUp = wakeUp
        parser = RecordParser(format: template.format)
        fixedHeaders = EncodedHeaders(template.headers)
        if let key = template.key { serializedKey = key }
        way = Self.way(for: template, appender)
    }

    private static func way(for template: RecordTemplate, _ appender: RecordAppender) -> Way {
        guard template.valueSerializer.isIdentity, !template.isSync else { return .oneByOne }
        let isKeyed = template.key != nil
        if template.format.isValueOnly, appender.takesRuns(keyed: isKeyed) || isKeyed && appender.hashesKeys {
            return .runs
        }
        // After a failure the records of its partition must fail in the order of the input, one by one.
        guard let separator = template.format.keySeparator, template.format.headers == nil,
            !isKeyed, template.keySerializer.isIdentity, appender.hashesKeys,
            template.errorHandling != .stopPartition
        else { return .oneByOne }
        return .byKey(separator: separator)
    }

    /// Hands over all records that `bytes` holds whole; at the end of an input also what follows the last delimiter.
    /// False when the producer takes no more.
    @available(*, noasync)
    mutating func send(
        _ bytes: Span<UInt8>,
        at base: UInt64,
        _ splitter: inout RecordSplitter,
        isEnd: Bool
    ) -> Bool {
        let now = TimeText.now()
        if let skipped = splitter.skipped {
            let offset = base + UInt64(splitter.start) - UInt64(skipped)
            var size = splitter.endOfSkipped(in: bytes)
            if size == nil, isEnd { size = splitter.lastOfSkipped(in: bytes) }
            guard let size else { return true }
            let (limit, setting) = (template.longestRecord, template.longestRecordSetting)
            refuse(.tooLarge(size: size, limit: limit, setting: setting), offset: offset, nil, bytes, now)
            guard !isAborted else { return false }
        }
        let hasRoom =
            switch way {
            case .runs: sendRuns(bytes, base, &splitter, now)
            // Its tables have 32 bits for a place.
            case .byKey(let separator) where bytes.count <= Int(UInt32.max):
                sendByKey(separator, bytes, base, &splitter, now)
            case .byKey, .oneByOne: sendEach(bytes, base, &splitter, now)
            }
        guard hasRoom else {
            if isInterrupted { refuseRest(bytes, base, &splitter, isEnd: isEnd) }
            return false
        }
        guard isEnd, let record = splitter.last(in: bytes) else { return true }
        return sendOne(record, bytes, base, now)
    }

    /// The fast way: one lock for as many records as the open batch takes.
    @available(*, noasync)
    private mutating func sendRuns(
        _ bytes: Span<UInt8>,
        _ base: UInt64,
        _ splitter: inout RecordSplitter,
        _ now: Int64
    ) -> Bool {
        // The records of one key have one partition.
        var partition = partitionOfKey
        var next = splitter.next(in: bytes)
        while next != nil {
            var ordinal = self.ordinal
            var fault: (fault: RecordFault, record: Range<Int>)?
            let outcome = appender.appendRun(to: partition, timestamp: now, headers: fixedHeaders) { run, output in
                fault = append(from: &next, bytes, base, &splitter, &ordinal, &run, &output)
            }
            self.ordinal = ordinal
            if let fault {
                refuse(fault.fault, offset: base &+ UInt64(fault.record.lowerBound), fault.record, bytes, now)
                guard !isAborted else { return false }
                next = splitter.next(in: bytes)
            }
            if let next { mark(base &+ UInt64(next.lowerBound)) }
            waitForReceipts()
            switch outcome {
            case .goOn: break
            case .full:
                guard let record = next, appender.waitForRoom() == .interrupted else { continue }
                isInterrupted = true
                refuse(.outOfTime, offset: base &+ UInt64(record.lowerBound), record, bytes, now)
                return false
            case .partitionStopped(let partition):
                // Nothing of the run was taken, and nothing will be: its records are refused one by one.
                guard let record = next else { continue }
                refuse(.partitionStopped(partition), offset: base &+ UInt64(record.lowerBound), record, bytes, now)
                next = splitter.next(in: bytes)
            case .noSuchPartition(let partition):
                guard let record = next else { continue }
                let fault = RecordFault.noSuchPartition(appender.absence(ofPartition: partition))
                refuse(fault, offset: base &+ UInt64(record.lowerBound), record, bytes, now)
                guard !isAborted else { return false }
                next = splitter.next(in: bytes)
            case .partitionsChanged: partition = partitionOfKey
            }
        }
        return true
    }

    /// The partition of the key that all records have, if there is one.
    private var partitionOfKey: KeyedPartition? {
        guard let key = template.key, appender.hashesKeys else { return nil }
        return appender.keyedPartitions.partition(forKey: key.span)
    }

    /// Appends records from `next` on, until the run has no room or one can never be sent.
    @inline(__always)
    private func append(
        from next: inout Range<Int>?,
        _ bytes: Span<UInt8>,
        _ base: UInt64,
        _ splitter: inout RecordSplitter,
        _ ordinal: inout UInt64,
        _ run: inout RecordRun,
        _ output: inout OutputRawSpan
    ) -> (RecordFault, Range<Int>)? {
        let isKeyed = template.key != nil
        let marker = template.format.nullMarker
        // In variables of its own, which nothing else can look into, so that they stay in registers.
        var (rest, lines, number) = (next, splitter, ordinal)
        defer { (next, splitter, ordinal) = (rest, lines, number) }
        while let record = rest {
            let position = RecordPosition(line: number, offset: base &+ UInt64(record.lowerBound))
            let outcome: RecordRun.Outcome
            let isNull = bytes.isNull(record, marker: marker)
            if isKeyed || isNull {
                let value: Span<UInt8>? = if isNull { nil } else { bytes.extracting(record) }
                let key: Span<UInt8>? = if isKeyed { serializedKey.span } else { nil }
                outcome = run.append(key: key, value: value, position: position, into: &output)
            } else {
                outcome = run.append(value: bytes.extracting(record), position: position, into: &output)
            }
            guard outcome == .appended else { return run.fault(after: outcome).map { ($0, record) } }
            number &+= 1
            rest = lines.next(in: bytes)
        }
        return nil
    }

    /// The way for records with headers of their own, other types, or one at a time.
    @available(*, noasync)
    private mutating func sendEach(
        _ bytes: Span<UInt8>,
        _ base: UInt64,
        _ splitter: inout RecordSplitter,
        _ now: Int64
    ) -> Bool {
        var unmarked = 0
        while let record = splitter.next(in: bytes) {
            guard sendOne(record, bytes, base, now) else { return false }
            unmarked &+= 1
            if unmarked == Self.markInterval {
                mark(base &+ UInt64(splitter.start))
                unmarked = 0
            }
        }
        return true
    }

    @available(*, noasync)
    mutating func sendOne(_ record: Range<Int>, _ bytes: Span<UInt8>, _ base: UInt64, _ now: Int64) -> Bool {
        let position = RecordPosition(line: ordinal, offset: base &+ UInt64(record.lowerBound))
        do throws(RecordFault) {
            guard try append(record, bytes, now, position) else {
                isInterrupted = true
                throw .outOfTime
            }
            ordinal &+= 1
        } catch {
            refuse(error, offset: position.offset, record, bytes, now)
            guard !isAborted, !isInterrupted else { return false }
        }
        guard template.isSync else { return true }
        appender.flushAndWait()
        return !wakeUp.isWoken
    }

    /// Appends one record; false when the producer takes no more.
    @available(*, noasync)
    private mutating func append(
        _ record: Range<Int>,
        _ bytes: Span<UInt8>,
        _ now: Int64,
        _ position: RecordPosition
    ) throws(RecordFault) -> Bool {
        let parts = try parser.parse(record, in: bytes)
        let headers = try headers(parts.headers, bytes)
        let keyForm = try serializeKey(parts.key, bytes)
        let valueForm = try serializeValue(parts.value, bytes)
        let (ownKey, ownValue) = (serializedKey, serializedValue)
        while true {
            let key: Span<UInt8>? =
                switch keyForm {
                case .null: nil
                case .input(let range): bytes.extracting(range)
                case .serialized: ownKey.span
                }
            let value: Span<UInt8>? =
                switch valueForm {
                case .null: nil
                case .input(let range): bytes.extracting(range)
                case .serialized: ownValue.span
                }
            let outcome = appender.append(
                key: key,
                value: value,
                details: RecordDetails(headers: headers, timestamp: now, position: position)
            )
            switch outcome {
            case .appended: return true
            case .full: guard appender.waitForRoom() == .room else { return false }
            case .tooLarge(let size, let limit, let setting):
                throw .tooLarge(size: size, limit: limit, setting: setting)
            case .noSuchPartition(let partition): throw .noSuchPartition(appender.absence(ofPartition: partition))
            case .partitionStopped(let partition): throw .partitionStopped(partition)
            }
        }
    }

    /// Where the bytes of a key or value are.
    private enum Form {
        case null
        /// In the input, as they are.
        case input(Range<Int>)
        /// In this sink's own memory.
        case serialized
    }

    private mutating func serializeKey(_ text: Range<Int>?, _ bytes: Span<UInt8>) throws(RecordFault) -> Form {
        if template.key != nil { return .serialized }
        guard let text else { return .null }
        let serializer = template.keySerializer
        guard !serializer.isIdentity else { return .input(text) }
        serializedKey.removeAll(keepingCapacity: true)
        do throws(SerializationError) {
            let form = try serializer.serialize(bytes.extracting(text), into: &serializedKey)
            return form == .null ? .null : .serialized
        } catch {
            throw .key("\(error)")
        }
    }

    private mutating func serializeValue(_ text: Range<Int>?, _ bytes: Span<UInt8>) throws(RecordFault) -> Form {
        guard let text else { return .null }
        let serializer = template.valueSerializer
        guard !serializer.isIdentity else { return .input(text) }
        serializedValue.removeAll(keepingCapacity: true)
        do throws(SerializationError) {
            let form = try serializer.serialize(bytes.extracting(text), into: &serializedValue)
            return form == .null ? .null : .serialized
        } catch {
            throw .value("\(error)")
        }
    }

    /// The record's own headers after those that all records get.
    private func headers(_ text: Range<Int>?, _ bytes: Span<UInt8>) throws(RecordFault) -> EncodedHeaders {
        guard let text else { return fixedHeaders }
        let own = try parser.parseHeaders(text, in: bytes).map { header in
            ProducerRecordHeader(
                name: String(decoding: bytes.copy(header.name), as: UTF8.self),
                value: header.value.map { bytes.copy($0) }
            )
        }
        return EncodedHeaders(template.headers + own)
    }

    /// How often places between two records are marked where records are handed over one by one.
    private static let markInterval = 100

    /// Tells that everything before this byte is handed over or refused. The more such places, the fewer records does a run
    /// that goes on after another send twice.
    func mark(_ offset: UInt64) {
        checkpoint?.read(to: CheckpointTracker.Mark(record: ordinal, offset: offset))
    }

    /// Counts so many records that an earlier run has delivered.
    mutating func skip(_ records: UInt64) { ordinal &+= records }

    /// Waits while the receipts of what is under way would take too much memory.
    @available(*, noasync)
    func waitForReceipts() {
        log.waitForRoom(read: ordinal, isStopped: { wakeUp.isWoken }, flush: { appender.flushAndWait() })
    }

    /// Counts the next record as failed; `record` is nil when it was too large to be held.
    mutating func refuse(
        _ fault: RecordFault,
        offset: UInt64,
        _ record: Range<Int>?,
        _ bytes: Span<UInt8>,
        _ now: Int64
    ) {
        unsent.refuse(record, in: bytes, fault, ordinal: ordinal, offset: offset, time: now)
        ordinal &+= 1
        switch template.errorHandling {
        case .continue: break
        case .abort: isAborted = true
        case .stopPartition: stopPartition(fault, record, bytes)
        }
    }

    /// Counts what is left of a chunk as failed: it was taken from the input and will not be read again.
    private mutating func refuseRest(
        _ bytes: Span<UInt8>,
        _ base: UInt64,
        _ splitter: inout RecordSplitter,
        isEnd: Bool
    ) {
        ordinal = unsent.refuseAll(in: bytes, at: base, &splitter, isEnd: isEnd, from: ordinal, .outOfTime)
    }

    /// Lets nothing of the refused record's partition overtake it, as far as its partition can be told.
    private func stopPartition(_ fault: RecordFault, _ record: Range<Int>?, _ bytes: Span<UInt8>) {
        if case .partitionStopped = fault { return }
        let content = RefusedRecord(template: template).content(of: record, in: bytes, fault)
        if case .record(let key?, _, _) = content {
            appender.recordFailed(key: key.span)
        } else {
            appender.recordFailed(key: nil)
        }
    }
}

extension RecordFault {
    /// A signal came, or the cluster is away, and memory for the record did not become free in time.
    static let outOfTime = RecordFault.interrupted(
        "a signal or an outage ended the load, and buffer.memory stayed full for delivery.timeout.ms"
    )
}

extension RecordRun {
    /// What is wrong with the record that `outcome` is about; nil when it only has to wait for another run.
    func fault(after outcome: Outcome) -> RecordFault? {
        guard outcome == .tooLarge, let refusal else { return nil }
        return .tooLarge(size: refusal.size, limit: refusal.limit, setting: refusal.setting)
    }
}
