// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords

/// Decides, batch by batch in the order of the log, which ones belong to aborted transactions (KIP-98).
///
/// A fetch that reads committed records names the aborted transactions among them by producer and first offset. A producer's
/// batches from that offset on are dropped until its abort marker.
struct AbortedTransactions {
    /// Those that have not begun yet, the next one last.
    private var toCome: [FetchResponse.AbortedTransaction]
    /// Producers within an aborted transaction.
    private var producers: Set<Int64> = []

    init(_ transactions: [FetchResponse.AbortedTransaction]) {
        toCome = transactions.sorted { $0.firstOffset > $1.firstOffset }
    }

    /// Whether a reader of committed records passes over this batch.
    mutating func drops(_ batch: RecordBatchReader) -> Bool {
        let header = batch.header
        while let next = toCome.last, next.firstOffset <= header.lastOffset {
            producers.insert(next.producerID)
            toCome.removeLast()
        }
        if header.isControl {
            if ControlRecordType(batch) == .abort { producers.remove(header.producerID) }
            return true
        }
        return header.isTransactional && producers.contains(header.producerID)
    }
}
