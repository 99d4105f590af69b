// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging
import NIOCore

/// What the segment files of a partition say when they are read at the start: their batches and their producers.
struct RecoveredLog {
    private(set) var producers = ProducerStateTable()
    var segments: [LogSegment] = []

    /// Reads all segments. The last one is cut back to its last whole batch; damage in an earlier one is an error, since
    /// whole batches follow it.
    mutating func load(_ directory: String, logger: Logger) throws {
        let baseOffsets = try Directory.names(in: directory).compactMap(SegmentName.baseOffset(ofFile:)).sorted()
        for baseOffset in baseOffsets {
            let file = try SegmentName.open(in: directory, baseOffset: baseOffset)
            if let previous = segments.last, previous.nextOffset > baseOffset {
                throw Self.damaged(file.path, position: 0, reason: "the segment before it has the same offsets")
            }
            let segment = LogSegment(baseOffset: baseOffset, file: file)
            var recovery = try SegmentRecovery(file: file)
            let ending = try recovery.scan(from: baseOffset) { outline, header in
                segment.note(outline)
                producers.note(header, baseOffset: outline.baseOffset)
            }
            segments.append(segment)
            guard case .torn(let position, let reason) = ending else { continue }
            guard baseOffset == baseOffsets.last else {
                throw Self.damaged(file.path, position: position, reason: reason)
            }
            try file.truncate(to: position)
            logger.warning(
                "cut a torn tail back to the last whole batch",
                metadata: [
                    "file": "\(file.path)", "bytes": "\(recovery.size - position)", "reason": "\(reason)",
                    "nextOffset": "\(segment.nextOffset)",
                ]
            )
        }
    }

    private static func damaged(_ path: String, position: Int, reason: String) -> EmbeddedBrokerError {
        EmbeddedBrokerError(
            .damagedLog,
            "\(path) is damaged at byte \(position) (\(reason)), and batches follow it: repair or remove the file"
        )
    }
}
