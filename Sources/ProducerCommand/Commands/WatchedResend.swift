// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// A load of `resend` under way.
struct WatchedResend: WatchedLoad {
    let producer: KafkaProducer
    let log: ResendLog
    let outputs: RecordOutputs
    let marks: ResentFiles

    var news: RunNews { log.news }
    var ledger: Ledger { log.ledger }
    var isUnderWay: Bool { ledger.unsettled > 0 }

    /// Each record has its own topic, which may be waited for at any time.
    var isWaiting: Bool {
        isUnderWay && (producer.statistics.batchesIncomplete > 0 || !news.hasReportedAbsence)
    }

    func interrupt() { producer.interruptTopicWaits() }

    func keep() async {
        await BlockingThread.run { [marks, outputs, console = news.console] in
            marks.write(outputs.deadLetters, console)
        }
    }
}
