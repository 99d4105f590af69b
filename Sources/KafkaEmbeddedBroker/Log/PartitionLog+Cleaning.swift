// SPDX-License-Identifier: Apache-2.0

/// What goes of a log: old segments, records that are deleted, and what compaction does not keep.
extension PartitionLog {
    /// Deletes the oldest segments that are too old, or of which there are too many. Segments of open transactions stay.
    ///
    /// - Parameter now: Milliseconds since 1970.
    /// - Throws: When the last one is to go and no other one can be begun.
    /// - Returns: How many were deleted.
    func deleteOldSegments(now: Int64) throws(StorageError) -> Int {
        guard settings.deletes else { return 0 }
        let end = lastStableOffset
        var excess = settings.retentionBytes < 0 ? -1 : Int64(size) - settings.retentionBytes
        var count = 0
        for segment in segments {
            guard segment.nextOffset <= end, segment.size > 0 || segment !== segments.last else { break }
            let isOld =
                settings.retentionMilliseconds >= 0 && segment.maxTimestamp >= 0
                && now - segment.maxTimestamp > settings.retentionMilliseconds
            let isTooMuch = excess >= 0 && excess >= Int64(segment.size)
            // Of a first segment compaction can leave nothing.
            guard isOld || isTooMuch || segment.size == 0 else { break }
            excess -= Int64(segment.size)
            count += 1
        }
        guard count > 0 else { return 0 }
        // On a full disk there is room for the new one when the others are gone.
        let last = count == segments.count ? 1 : 0
        removeSegments(count - last)
        guard last > 0 else { return count }
        try roll()
        removeSegments(1)
        return count
    }

    /// Deletes the records before an offset, which lies between start and end of the log.
    func deleteRecords(before offset: Int64) throws(StorageError) {
        guard offset > logStartOffset else { return }
        if offset == logEndOffset { try roll() }
        let count = segments.dropLast().prefix { $0.nextOffset <= offset }.count
        removeSegments(count)
        logStartOffset = max(logStartOffset, offset)
        transactions.forgetAborted(endedBefore: logStartOffset)
    }

    /// Takes over where the log began before a restart.
    func begin(at offset: Int64) {
        logStartOffset = min(max(logStartOffset, offset), logEndOffset)
    }

    func removeSegments(_ count: Int) {
        guard count > 0 else { return }
        hasChanged = true
        for segment in segments.prefix(count) {
            if let directory { SegmentName.remove(in: directory, baseOffset: segment.baseOffset) }
        }
        segments.removeFirst(count)
        logStartOffset = max(logStartOffset, segments[0].baseOffset)
        transactions.forgetAborted(endedBefore: logStartOffset)
    }

    // MARK: Compaction

    /// What is to be compacted now.
    ///
    /// - Parameters:
    ///   - now: Milliseconds since 1970.
    ///   - isForced: Whether it is done however little is new.
    /// - Returns: The compaction, or nil when there is not enough that is new.
    func compaction(now: Int64, isForced: Bool = false) -> Compaction? {
        guard settings.compacts else { return nil }
        let end = lastStableOffset
        let old = segments.dropLast().prefix { segment in
            segment.nextOffset <= end && segment.maxTimestamp <= now - settings.compactionLag
        }
        guard let last = old.last else { return nil }
        let dirty = old.filter { $0.nextOffset > compacted.end }.reduce(0) { $0 + $1.size }
        let total = old.reduce(0) { $0 + $1.size }
        let isDue = compacted.nextHorizon.map { $0 < now } ?? false
        guard dirty > 0 && (isForced || Double(dirty) >= settings.dirtyRatio * Double(total)) || isDue else {
            return nil
        }
        return Compaction(of: self, segments: Array(old), from: min(compacted.end, last.nextOffset), now: now)
    }

    /// Puts what compaction has left in the place of what there was.
    func replace(_ former: [LogSegment], by segments: [LogSegment], _ mark: CompactionMark) {
        let first = former.first.flatMap { first in self.segments.firstIndex { $0 === first } }
        guard let first, let end = former.last?.nextOffset else { return }
        self.segments.replaceSubrange(first..<first + former.count, with: segments)
        hasUnflushedFolder = true
        hasChanged = true
        compacted = mark
        // What they had written is gone, and so readers need not pass over it any more.
        transactions.forgetAborted(endedBefore: end)
        for segment in segments { writeIndexes(of: segment) }
    }

    /// Whether these segments are all still there, one after the other.
    func contains(_ former: [LogSegment]) -> Bool {
        guard let first = former.first, let start = segments.firstIndex(where: { $0 === first }) else { return false }
        return segments[start...].starts(with: former, by: ===)
    }
}
