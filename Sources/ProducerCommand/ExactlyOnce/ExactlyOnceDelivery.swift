// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Reads and sends a load whose position is committed with its records, and repeats transactions that were not committed.
struct ExactlyOnceDelivery: Sendable {
    /// How the load has ended.
    private struct Course: Sendable {
        var load = LoadEnd.interrupted
        /// Why nothing could be begun.
        var refusal: ProducerError?
        /// Why a transaction was not committed, and no other follows.
        var failure: ProducerError?
        /// Up to where all is committed.
        var keeper: LoadKeeper?
        /// How it ended before anything was sent.
        var status: ExitStatus?
    }

    private let exactlyOnce: ExactlyOncePlan
    private let request: LoadRequest
    private let plan: DeliveryPlan
    private let cuts: TransactionCuts
    private let context: Run
    private let log: DeliveryLog
    private let wakeUp: AttemptWakeUp
    private let counters = LoadCounters()
    private let gate = AppenderGate()

    /// The load that `request` describes, sent as `plan` says.
    init(_ exactlyOnce: ExactlyOncePlan, _ request: LoadRequest, _ plan: DeliveryPlan, _ run: Run) {
        self.exactlyOnce = exactlyOnce
        self.request = request
        self.plan = plan
        cuts = plan.cuts ?? TransactionCuts()
        context = run
        let wakeUp = AttemptWakeUp(run.stop)
        let errorHandling = plan.errorHandling
        self.wakeUp = wakeUp
        log = DeliveryLog(
            news: RunNews(run, reachability: Reachability(plan.configuration)),
            outputs: plan.outputs,
            checkpoint: nil,
            isStopped: { wakeUp.isWoken },
            isTransactional: true,
            onBatchFailure: { wakeUp.wake() },
            onFailure: { if errorHandling == .abort { wakeUp.wake() } }
        )
    }

    /// The whole run, from the first connection to the account at the end.
    func run() async throws(ProducerError) -> ExitStatus {
        let signals = RunSignals(of: context)
        let producer = try KafkaProducer(
            configuration: plan.configuration,
            observer: log,
            failurePolicy: plan.errorHandling.failurePolicy
        )
        let load = WatchedSend(plan, producer, log: log, counters: counters, gate: gate)
        signals.begins(load)
        let course = await withTaskGroup { group in
            group.addTask { await RunWatch(load, of: context, onOutage: plan.onOutage).untilCancelled() }
            if let stats = plan.stats { group.addTask { await stats.run(load.producer) { load.ledger } } }
            defer { group.cancelAll() }
            return await follow(producer)
        }
        log.leaveRest(read: counters.records)
        let seconds = context.clock.seconds
        let limit =
            context.stop.signal == nil ? await plan.limit(of: producer, counters, seconds, context.console) : nil
        await plan.reportMetrics(of: load, context.console)
        await producer.close(timeout: course.failure == nil && course.refusal == nil ? nil : .seconds(1))
        context.console.clearProgress()
        await plan.outputs.finish(context)
        return conclude(course, Summary(ledger: load.ledger, seconds: seconds, limit: limit))
    }

    // MARK: the course of the load

    private func follow(_ producer: KafkaProducer) async -> Course {
        var course = Course()
        do {
            _ = try await producer.appender(topic: plan.load.topic, partition: plan.load.partition)
            let beginning = LoadBeginning(exactlyOnce, plan, producer, context)
            let name = exactlyOnce.name
            let console = context.console
            let outcome = try await beginning.find(request) { position in
                console.detail("\(name) is committed up to \(Self.place(position))")
            }
            switch outcome {
            case .interrupted: course.load = .interrupted
            case .nothingToDo(let position): course.status = nothingToDo(position)
            case .ready(let keeper):
                course.keeper = keeper
                gate.open(with: .topic(plan.load.topic, partition: plan.load.partition, of: producer))
                await send(producer, keeper, &course)
            }
        } catch let error as ProducerError {
            course.refusal = error
        } catch let refusal as LoadRefusal {
            context.console.error(refusal.line(name: exactlyOnce.name, topic: plan.load.topic))
            course.status = .usage
        } catch {
            course.status = ExitStatus(of: error, context.console)
        }
        return course
    }

    private func nothingToDo(_ position: LoadPosition) -> ExitStatus {
        let place = "\(NumberText.grouped(position.records)) records (\(NumberText.bytes(position.bytes)))"
        context.console.notice("nothing to do: all \(place) of \(exactlyOnce.name) are committed")
        log.skipped(position.records)
        counters.update(records: position.records, bytes: position.bytes)
        return .delivered
    }

    /// Sends attempt after attempt, each from where the load is committed.
    private func send(_ producer: KafkaProducer, _ keeper: LoadKeeper, _ course: inout Course) async {
        var machine = RepeatMachine(plan.errorHandling)
        var isFirst = true
        while true {
            let begin = keeper.committed.bytes
            let chain = chain(of: producer, keeper, ExcludedRecords(machine.excluded))
            course.load = await attempt(chain, keeper, isFirst: isFirst)
            isFirst = false
            guard let failure = chain.failure else { return }
            if keeper.committed.bytes > begin { machine.committed(to: keeper.committed.bytes) }
            let known = RepeatMachine.Failure(
                error: failure,
                refused: log.takeRefusals(),
                isAborted: chain.isAborted,
                isStopping: context.stop.isRequested
            )
            let action = machine.failed(known)
            // What is unknown is not taken back.
            if failure.code != .commitUnknown { log.goBack() }
            let lines = failure.code == .commitUnknown ? [] : await BlockingThread.run { keeper.cutBack() }
            for line in lines { context.console.warning(line) }
            guard action == .again else { return course.failure = failure }
            context.console.notice(repeating(keeper, failure, without: machine.excluded.count))
        }
    }

    private func repeating(_ keeper: LoadKeeper, _ failure: ProducerError, without count: Int) -> String {
        let left = count == 0 ? "" : ", without \(count) record\(count == 1 ? "" : "s") that brokers refuse"
        return "a transaction was aborted (\(failure.name): \(failure)); it is sent again from "
            + Self.place(keeper.committed) + left
    }

    private func chain(
        of producer: KafkaProducer,
        _ keeper: LoadKeeper,
        _ excluded: ExcludedRecords
    ) -> TransactionChain {
        let (outputs, log, wakeUp) = (plan.outputs, log, wakeUp)
        return TransactionChain(
            producer,
            cuts,
            keeper: keeper,
            excluding: excluded,
            isCutWanted: { outputs.receipts?.holdsMuch == true },
            onBegin: { log.transactionBegins(at: $0) },
            onFailure: { wakeUp.wake() }
        )
    }

    /// Reads and sends from where the load is committed; the chain has the failure, if it failed.
    private func attempt(_ chain: TransactionChain, _ keeper: LoadKeeper, isFirst: Bool) async -> LoadEnd {
        keeper.begins()
        let wakeUp = wakeUp.next()
        do throws(ProducerError) {
            try await chain.begin()
        } catch {
            chain.couldNotBegin(error)
            return .interrupted
        }
        let loader = RecordLoader(
            sources: plan.load.sources,
            settings: plan.load.settings,
            gate: gate,
            wakeUp: wakeUp,
            log: log,
            counters: counters,
            follows: plan.load.follows,
            chain: chain,
            keeper: keeper,
            countsSkipped: isFirst,
            bounds: LoadBounds(rate: plan.load.bounds.rate)
        )
        return await withTaskGroup { group in
            group.addTask { await chain.watch() }
            defer { group.cancelAll() }
            let end = await BlockingThread.run {
                var loader = loader
                return loader.run()
            }
            if end == .endOfInput { keeper.isAtEnd() }
            if log.isCutShort {
                await chain.giveUp(
                    ProducerError(.interrupted, message: "records were read and could not be sent in time")
                )
            } else {
                await chain.finish()
            }
            return end
        }
    }

    // MARK: the end

    /// A place for a person: the input, and the byte in it.
    private static func place(_ position: LoadPosition) -> String {
        "\(position.path), byte \(NumberText.grouped(position.place))"
    }

    /// The account, and the exit status that follows from it.
    private func conclude(_ course: Course, _ summary: Summary) -> ExitStatus {
        let console = context.console
        plan.report?.note(summary)
        log.news.reportFailures(of: summary.ledger)
        var end = RunEnd([summary.ledger], stop: context.stop)
        (end.load, end.hasConnected) = (course.load, log.news.hasConnected)
        end.leastRecords = plan.load.bounds.least
        end.areOutputsIncomplete = plan.outputs.areIncomplete || plan.stats?.output.isIncomplete == true
        var lines = end.lines + failureLines(course, summary)
        if plan.errorHandling == .abort, summary.ledger.failed > 0 {
            lines.append(.error("stopped reading at the first failed record (--on-error abort)"))
        }
        if course.load == .interrupted, course.failure == nil, let keeper = course.keeper {
            lines.append(
                .notice(
                    "everything before \(Self.place(keeper.committed)) is committed; the same command goes on there"
                )
            )
        }
        if summary.ledger.failed > 0, let file = plan.outputs.deadLetters?.file {
            lines.append(.notice("what failed is in \(file)"))
        }
        console.say(lines + (plan.outputs.deadLetters?.unkept.lines ?? []).map { .warning($0) })
        console.notice(summary.line)
        if let status = course.status { return status }
        end.refusal = course.refusal
        let status = end.status
        return status == .delivered && course.failure != nil ? .recordsFailed : status
    }

    private func failureLines(_ course: Course, _ summary: Summary) -> [RunLine] {
        let texts = LoadFailure(name: exactlyOnce.name, topic: plan.load.topic)
        if let refusal = course.refusal {
            guard context.stop.signal == nil else { return [.notice("a signal ended the wait: \(refusal.message)")] }
            return [.error(texts.line(on: refusal, uncommitted: 0))]
        }
        // After a signal an aborted transaction is no failure.
        guard let failure = course.failure, let keeper = course.keeper else { return [] }
        let place = Self.place(keeper.committed)
        return [
            .error(texts.line(on: failure, uncommitted: summary.ledger.uncommitted)),
            .notice(texts.advice(on: failure, place: place)),
        ]
    }
}
