// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Reads, sends and waits until every record is acknowledged or has failed.
struct Delivery: Sendable {
    private let plan: DeliveryPlan
    private let context: Run
    private let log: DeliveryLog
    private let counters = LoadCounters()
    private let gate = AppenderGate()

    /// The delivery that `plan` describes, as `run`.
    init(_ plan: DeliveryPlan, _ run: Run) {
        self.plan = plan
        context = run
        let (stop, errorHandling) = (run.stop, plan.errorHandling)
        log = DeliveryLog(
            news: RunNews(run, reachability: Reachability(plan.configuration)),
            outputs: plan.outputs,
            checkpoint: plan.checkpoint,
            isStopped: { stop.wakeUp.isWoken },
            isTransactional: plan.cuts != nil,
            onFailure: { if errorHandling == .abort { stop.wakeUp.wake() } }
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
        let chain = chain(of: producer)
        var end = await readAndSend(load, chain)
        let seconds = context.clock.seconds
        let limit =
            context.stop.signal == nil ? await plan.limit(of: producer, counters, seconds, context.console) : nil
        await plan.reportMetrics(of: load, context.console)
        // What has failed, or is not known, is not waited for again.
        await producer.close(timeout: chain?.failure == nil ? nil : .seconds(1))
        context.console.clearProgress()
        await plan.outputs.finish(context)
        await load.keep(isEnd: true)
        end.ledgers = [load.ledger]
        end.leastRecords = plan.load.bounds.least
        end.areOutputsIncomplete =
            plan.outputs.areIncomplete || plan.checkpoint?.isIncomplete == true
            || plan.stats?.output.isIncomplete == true
        var summary = Summary(ledger: load.ledger, seconds: seconds, limit: limit)
        summary.verification = await verification()
        end.verification = summary.verification
        return conclude(end, summary, chain)
    }

    /// The transactions of the load, if it has any.
    private func chain(of producer: KafkaProducer) -> TransactionChain? {
        let (outputs, log, stop) = (plan.outputs, log, context.stop)
        return plan.cuts.map { cuts in
            TransactionChain(
                producer,
                cuts,
                isCutWanted: { outputs.receipts?.holdsMuch == true },
                onBegin: { log.transactionBegins(at: $0) },
                onFailure: { stop.wakeUp.wake() }
            )
        }
    }

    /// Reads and sends, and waits for what was sent.
    private func readAndSend(_ load: WatchedSend, _ chain: TransactionChain?) async -> RunEnd {
        let loader = RecordLoader(
            sources: plan.load.sources,
            settings: plan.load.settings,
            gate: gate,
            wakeUp: context.stop.wakeUp,
            log: log,
            counters: counters,
            checkpoint: plan.checkpoint,
            follows: plan.load.follows,
            chain: chain,
            bounds: plan.load.bounds
        )
        return await withTaskGroup { group in
            group.addTask { await RunWatch(load, of: context, onOutage: plan.onOutage).untilCancelled() }
            if let chain { group.addTask { await chain.watch() } }
            if let stats = plan.stats { group.addTask { await stats.run(load.producer) { load.ledger } } }
            async let reading = BlockingThread.run {
                var loader = loader
                return loader.run()
            }
            var refusal = await open(load.producer, chain)
            let loadEnd = await reading
            refusal = refusal ?? gate.lateRefusal
            if refusal == nil { await settle(load, chain) }
            group.cancelAll()
            var end = RunEnd([], stop: context.stop)
            (end.load, end.refusal, end.hasConnected) = (loadEnd, refusal, log.news.hasConnected)
            return end
        }
    }

    /// Waits until everything is delivered, and committed, or has failed.
    private func settle(_ load: WatchedSend, _ chain: TransactionChain?) async {
        guard let chain else { return await context.settle(load.producer) }
        await chain.finish()
    }

    /// Waits for the cluster and lets the reading thread go on; returns why that cannot be.
    private func open(_ producer: KafkaProducer, _ chain: TransactionChain?) async -> ProducerError? {
        do throws(ProducerError) {
            guard !plan.load.settings.format.namesTopics else {
                try await chain?.begin()
                gate.open(with: .topics(producer))
                return nil
            }
            _ = try await producer.appender(topic: plan.load.topic, partition: plan.load.partition)
            try await chain?.begin()
            gate.open(with: .topic(plan.load.topic, partition: plan.load.partition, of: producer))
            return nil
        } catch {
            // In this order: what is read by now fails, and nothing else is read.
            context.stop.wakeUp.wake()
            gate.open(with: .refused(fault(of: error)))
            return error
        }
    }

    /// What records that were read fail with when the cluster, or the topic, is not there.
    private func fault(of error: ProducerError) -> RecordFault {
        context.stop.signal == nil
            ? .notSent(error.kind, Summary.explanation(of: error))
            : .interrupted("a signal ended the load: \(error.message)")
    }

    /// Reads back what was acknowledged, if that is asked for. A signal that ended the load ends this before it begins, and one
    /// that comes meanwhile ends the process.
    private func verification() async -> VerifyResult? {
        guard let sent = plan.outputs.sent, context.stop.signal == nil else { return nil }
        return await Verification(plan.configuration).run(sent.content)
    }

    /// The account, and the exit status that follows from it.
    private func conclude(_ end: RunEnd, _ summary: Summary, _ chain: TransactionChain?) -> ExitStatus {
        plan.report?.note(summary)
        log.news.reportFailures(of: summary.ledger)
        let transactions = chain.map { lines(on: $0) } ?? []
        context.console.say(end.lines + transactions + linesOnGoingOn(after: end.load, summary.ledger))
        if plan.outputs.sent != nil, summary.verification == nil {
            context.console.warning("not verified: a signal ended the load")
        }
        context.console.notice(summary.line)
        return end.status
    }

    /// What has become of the last transaction, if it was not committed.
    private func lines(on chain: TransactionChain) -> [RunLine] {
        guard let failure = chain.failure else { return [] }
        let start = chain.start
        let place = log.place(ofRecord: start.record, offset: start.offset)?.description ?? "the beginning"
        guard failure.code != .commitUnknown else {
            return [
                .error(chain.line(on: failure)),
                .notice(
                    "everything before \(place) is committed; look, as a reader of committed records, whether what "
                        + "follows is"
                ),
            ]
        }
        return [
            .error(chain.line(on: failure)),
            .notice("everything before \(place) is committed, nothing from there on: send it again from there"),
        ]
    }

    /// Where reading ended if not at the end of the input, and where failed records are.
    private func linesOnGoingOn(after end: LoadEnd, _ ledger: Ledger) -> [RunLine] {
        var lines: [RunLine] = []
        if plan.errorHandling == .abort, ledger.failed > 0 {
            lines.append(.error("stopped reading at the first failed record (--on-error abort)"))
        }
        let place = end == .interrupted ? log.place(ofRecord: ledger.read, offset: counters.bytes) : nil
        if let place, context.stop.isOutage {
            let advice = OutageWatch.advice(
                end: place,
                firstFailed: log.firstFailed,
                deadLetters: plan.outputs.deadLetters?.file,
                checkpoint: plan.checkpoint?.path
            )
            lines += advice.map { .notice($0) }
        } else if let place {
            lines.append(.notice("reading ended before \(place); what follows was not read"))
        }
        if ledger.failed > 0, let file = plan.outputs.deadLetters?.file {
            lines.append(.notice("what failed is in \(file); kafka-producer resend \(file) sends it again"))
        }
        return lines + (plan.outputs.deadLetters?.unkept.lines ?? []).map { .warning($0) }
    }
}
