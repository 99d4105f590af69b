// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import Logging

/// What the segment files of a partition say when they are read at the start: their batches and their producers.
struct RecoveredLog {
    private(set) var producers = ProducerStateTable()
    private(set) var transactions = LogTransactions()
    var segments: [LogSegment] = []
    /// When the first record without a value, or marker, that compaction has kept so far may go; nil for none.
    private(set) var nextHorizon: Int64?

    /// Reads all segments, and begins a first one if there is none. The last one is cut back to its last whole batch;
    /// damage in an earlier one is an error, since whole batches follow it.
    mutating func load(_ directory: String, _ disk: Disk, logger: Logger) throws(EmbeddedBrokerError) {
        let baseOffsets: [Int64]
        do throws(StorageError) {
            try CompactedFiles(directory).finish()
            baseOffsets = try Directory.names(in: directory).compactMap(SegmentName.baseOffset(ofFile:)).sorted()
        } catch {
            throw EmbeddedBrokerError(error)
        }
        for baseOffset in baseOffsets.isEmpty ? [0] : baseOffsets {
            let scan: Scan
            do throws(StorageError) {
                scan = try load(baseOffset, in: directory, disk)
            } catch {
                throw EmbeddedBrokerError(error)
            }
            guard case .torn(let position, let reason) = scan.ending else { continue }
            guard baseOffset == baseOffsets.last, !scan.isOtherFormat else {
                throw Self.damaged(scan.file.path, position: position, reason: reason)
            }
            try cut(scan, at: position, reason: reason, logger: logger)
        }
    }

    /// How the reading of one segment went.
    private struct Scan {
        var file: File
        var size: Int
        var ending: SegmentRecovery.Ending
        /// Whether there is something else in the file than batches with a torn tail.
        var isOtherFormat = false
    }

    private mutating func load(
        _ baseOffset: Int64,
        in directory: String,
        _ disk: Disk
    ) throws(StorageError) -> Scan {
        let file = try SegmentName.open(in: directory, baseOffset: baseOffset, disk: disk)
        let segment = LogSegment(baseOffset: baseOffset, file: file)
        segment.beginning = LogMemory(producers: producers, transactions: transactions)
        var recovery = try SegmentRecovery(file: file)
        if let previous = segments.last, previous.nextOffset > baseOffset {
            let reason = "the segment before it has the same offsets"
            return Scan(
                file: file,
                size: recovery.size,
                ending: .torn(position: 0, reason: reason),
                isOtherFormat: true
            )
        }
        let ending = try recovery.scan(from: baseOffset) { outline, batch in
            segment.note(outline)
            if batch.header.hasDeleteHorizon {
                nextHorizon = min(nextHorizon ?? .max, batch.header.baseTimestamp)
            }
            producers.note(batch.header, baseOffset: outline.baseOffset)
            transactions.appended(batch.header, baseOffset: outline.baseOffset)
            if let marker = ControlBatch(batch) { transactions.ended(marker, at: outline.baseOffset) }
            // What is known of replicas comes later.
            transactions.confirm(before: .max)
        }
        segments.append(segment)
        return Scan(file: file, size: recovery.size, ending: ending, isOtherFormat: recovery.isOldFormat)
    }

    private func cut(
        _ scan: Scan,
        at position: Int,
        reason: String,
        logger: Logger
    ) throws(EmbeddedBrokerError) {
        do throws(StorageError) { try scan.file.truncate(to: position) } catch { throw EmbeddedBrokerError(error) }
        logger.warning(
            "cut a torn tail back to the last whole batch",
            metadata: ["file": "\(scan.file.path)", "bytes": "\(scan.size - position)", "reason": "\(reason)"]
        )
    }

    private static func damaged(_ path: String, position: Int, reason: String) -> EmbeddedBrokerError {
        EmbeddedBrokerError(
            .damagedLog,
            "\(path) is damaged at byte \(position) (\(reason)), and cutting it there would lose what follows: repair or remove the file"
        )
    }
}
