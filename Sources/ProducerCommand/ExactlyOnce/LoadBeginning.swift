// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol
import Synchronization

/// Finds out where a load begins or goes on: compares before anybody is fenced, takes the transactional id over, and compares
/// again.
struct LoadBeginning {
    /// How it ended.
    enum Outcome {
        case ready(LoadKeeper)
        /// All is committed already.
        case nothingToDo(LoadPosition)
        /// A signal came while an input was passed up to the place.
        case interrupted
    }

    let plan: ExactlyOncePlan
    let delivery: DeliveryPlan
    let producer: KafkaProducer
    let context: Run
    private let console: Console

    init(_ plan: ExactlyOncePlan, _ delivery: DeliveryPlan, _ producer: KafkaProducer, _ context: Run) {
        self.plan = plan
        self.delivery = delivery
        self.producer = producer
        self.context = context
        console = context.console
    }

    private var group: String { plan.name.transactionalID }

    /// - Parameters:
    ///   - request: What is to be loaded.
    ///   - onCommit: Called with each position that is committed.
    /// - Returns: Who keeps the position from now on, unless there is nothing to send.
    /// - Throws: ``LoadRefusal``, `UsageError`, `InputError`, and ``ProducerError`` when brokers refuse.
    func find(
        _ request: LoadRequest,
        onCommit: @escaping @Sendable (LoadPosition) -> Void
    ) async throws -> Outcome {
        var request = request
        let ids = await producer.clusterAndTopicID(request.topic)
        request.topicID = ids.topic
        let note = try LoadNote(plan.name, cluster: ids.cluster, ProcessEnvironment())
        let knowledge = try await producer.knowledge(ofTransactionalID: group, patience)
        var facts = LoadStart.Facts(
            stored: try await stored(request, isStable: knowledge.isAtRest),
            transactionalID: knowledge,
            hasNote: note.earlier != nil,
            present: nil,
            fromStart: plan.fromStart
        )
        let first = try start(request, &facts)
        if case .nothingToDo(let position) = first { return .nothingToDo(position) }
        let tapes = try openTapes(request)
        guard try await pass(tapes, to: first) else { return .interrupted }
        try await takeOver()
        let second = try await startAgain(request, &facts, first)
        if case .nothingToDo(let position) = second { return .nothingToDo(position) }
        guard try await pass(tapes, to: second) else { return .interrupted }
        return .ready(try await keeper(request, second, facts.renamed, note, tapes, onCommit))
    }

    // MARK: comparing

    private var patience: QuestionPatience {
        let news = Mutex(CoordinatorNews())
        let (console, name, stop) = (console, plan.name, context.stop)
        return QuestionPatience(
            limit: producer.configuration.maxBlock,
            isStopped: { stop.isRequested },
            onWait: { wait in
                if let line = news.withLock({ $0.line(wait, of: name) }) { console.notice(line) }
            }
        )
    }

    /// Aborts what an earlier run has left open, and fences it.
    private func takeOver() async throws(ProducerError) {
        do throws(ProducerError) {
            try await producer.initializeTransactions()
        } catch {
            if error.code == .timedOut { console.notice(CoordinatorNews.hangingAdvice(plan.name)) }
            throw error
        }
    }

    /// What is stored. What a dead run has left open is no reason to wait before it is aborted, and only compared with.
    private func stored(_ request: LoadRequest, isStable: Bool = true) async throws(ProducerError) -> StoredPosition {
        do throws(ProducerError) {
            let positions = try await producer.committedPositions(of: group, isStable: isStable, patience)
            return StoredPosition(positions, topic: request.topic)
        } catch {
            if error.cause == .unstableOffsetCommit { console.notice(CoordinatorNews.hangingAdvice(plan.name)) }
            throw error
        }
    }

    private func start(_ request: LoadRequest, _ facts: inout LoadStart.Facts) throws -> LoadStart {
        if case .position(let position) = facts.stored, position.input < delivery.load.sources.count,
            case .file(let count, _) = position.fingerprint,
            case .file(let path) = delivery.load.sources[position.input]
        {
            if let file = LoadKeeper.OpenInput(path) {
                facts.present = LoadFingerprint(ofDescriptor: file.number, hashing: count)
            }
            facts.renamed = renamedLog(position, request, facts.present)
        }
        return try LoadStart(request, facts)
    }

    /// The log of the position under another name, where it is followed and its name does not lead to it.
    private func renamedLog(
        _ position: LoadPosition,
        _ request: LoadRequest,
        _ present: LoadFingerprint?
    ) -> RotatedLog? {
        guard request.follows, position.input == request.names.count - 1, position.place > 0,
            case .file(let count, _) = position.fingerprint, count > 0,
            case .file(let path) = delivery.load.sources[position.input]
        else { return nil }
        if present == position.fingerprint, let size = request.inputs[position.input].size, size >= position.place {
            return nil
        }
        return RotatedLog(of: path) { file, size in
            size >= position.place
                && LoadFingerprint(ofDescriptor: file.number, hashing: count) == position.fingerprint
        }
    }

    /// Another run may have committed more until it was fenced.
    private func startAgain(
        _ request: LoadRequest,
        _ facts: inout LoadStart.Facts,
        _ first: LoadStart
    ) async throws -> LoadStart {
        facts.stored = try await stored(request)
        // By now this run itself has made the id known. A broker that could not be asked counts epochs from 0 on.
        if facts.transactionalID == .notTold, await producer.transactionalEpoch() ?? 0 > 0 {
            facts.transactionalID = .known(state: "")
        }
        if facts.stored == .none, case .goOn = first { facts.transactionalID = .known(state: "") }
        return try start(request, &facts)
    }

    // MARK: inputs that cannot be read again

    private func openTapes(_ request: LoadRequest) throws(InputError) -> [Int: StreamTape] {
        var tapes: [Int: StreamTape] = [:]
        let sources = delivery.load.sources
        for (index, source) in sources.enumerated() where request.inputs[index] == .stream {
            let console = console
            tapes[index] = try StreamTape(
                opening: source,
                wakeUp: context.stop.wakeUp,
                outlivesWriters: request.follows && index == sources.count - 1,
                form: delivery.load.settings.form,
                notices: InputNotices(report: { console.notice($0) }, warn: { console.warning($0) })
            )
        }
        return tapes
    }

    /// Passes what is committed of such inputs; false when that was interrupted.
    private func pass(_ tapes: [Int: StreamTape], to start: LoadStart) async throws -> Bool {
        guard case .goOn(let position) = start, case .stream(let hash) = position.fingerprint,
            let tape = tapes[position.input]
        else { return true }
        let place = position.place
        return try await BlockingThread.run {
            Result { try tape.pass(to: place, hash: hash) }
        }.get()
    }

    // MARK: growing files

    /// A last line that was committed without its end may have got it since: the end is no record.
    private func behindTornLine(_ position: LoadPosition, _ renamed: LoadKeeper.OpenInput?) throws -> LoadPosition {
        let delimiter = delivery.load.settings.format.delimiter.bytes
        guard position.recordsInInput > 0, case .file = position.fingerprint,
            case .file(let path) = delivery.load.sources[position.input],
            let file = renamed ?? LoadKeeper.OpenInput(path)
        else { return position }
        let before = position.place - min(position.place, UInt64(delimiter.count))
        let end = FilePart(of: file.number, at: before, count: Int(position.place - before)).bytes
        let next = FilePart(of: file.number, at: position.place, count: delimiter.count).bytes
        guard end != delimiter, !next.isEmpty else { return position }
        guard next == delimiter else {
            console.warning("\(path): its last line was committed without its end; what follows is a record of its own")
            return position
        }
        var position = position
        position.place += UInt64(delimiter.count)
        position.bytes += UInt64(delimiter.count)
        return position
    }

    // MARK: the claim

    private func keeper(
        _ request: LoadRequest,
        _ start: LoadStart,
        _ renamed: RotatedLog?,
        _ note: LoadNote,
        _ tapes: [Int: StreamTape],
        _ onCommit: @escaping @Sendable (LoadPosition) -> Void
    ) async throws -> LoadKeeper {
        var position = LoadPosition()
        var files: [LoadKeeper.OpenInput] = []
        if case .goOn(let stored) = start {
            files = renamed?.paths.compactMap { LoadKeeper.OpenInput($0) } ?? []
            if let renamed { renamed.say(of: delivery.load.sources[stored.input].name, console) }
            position = try behindTornLine(stored, files.first)
        }
        let keeper = LoadKeeper(
            request,
            sources: delivery.load.sources,
            from: position,
            group: group,
            sideFiles: SideFiles(delivery.outputs),
            note: note,
            tapes: tapes,
            renamed: files,
            onCommit: onCommit
        )
        if case .goOn = start {
            for line in await BlockingThread.run({ keeper.cutBack() }) { console.warning(line) }
            let summary =
                "\(NumberText.grouped(position.records)) records (\(NumberText.bytes(position.bytes))) are committed"
            console.notice("going on where \(plan.name) is: \(summary)")
            return keeper
        }
        // Proves the rights on all that is needed before any record is read, and that the load was here.
        try await producer.beginTransaction()
        let producer = producer
        try await BlockingThread.run {
            Result { () throws(ProducerError) in
                try keeper.prepareCommit(at: .start, producer, isDue: true)
                try producer.waitToCommitTransaction()
                keeper.wasCommitted()
            }
        }.get()
        return keeper
    }
}
