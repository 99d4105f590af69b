// SPDX-License-Identifier: Apache-2.0

/// When what was written is on the disk, and not only with the system, which writes it when it sees fit.
extension PartitionLog {
    /// Writes a batch to the last segment, and flushes the log when so many records are not flushed (`flush.messages`). When that
    /// fails the log is as it was before.
    func write(
        _ head: RawSpan,
        _ tail: RawSpan,
        _ outline: BatchOutline,
        to segment: LogSegment
    ) throws(StorageError) {
        let unflushed = outline.lastOffset + 1 - flushedEnd
        let isDue = directory != nil && unflushed >= settings.flushMessages
        if isDue { try flushWhatIsBehind(segment) }
        hasChanged = true
        try segment.append(head, tail, outline: outline, flushes: isDue)
        if isDue { flushedEnd = segment.nextOffset }
        guard settings.flushMilliseconds < .max, !waitsForFlush, directory != nil else { return }
        if flushedEnd < segment.nextOffset { flusher?.written(self) }
    }

    /// Flushes what was not yet.
    func flush() throws(StorageError) {
        guard directory != nil, flushedEnd < logEndOffset else { return }
        let active = segments[segments.count - 1]
        try flushWhatIsBehind(active)
        try active.flush()
        flushedEnd = active.nextOffset
    }

    /// Flushes the segments before the last one, and that they are there.
    private func flushWhatIsBehind(_ active: LogSegment) throws(StorageError) {
        for segment in segments.reversed() where segment !== active {
            guard segment.nextOffset > flushedEnd else { break }
            try segment.flush()
        }
        flushedEnd = max(flushedEnd, active.baseOffset)
        guard hasUnflushedFolder, let directory else { return }
        try Directory.flush(directory, disk)
        if let slash = directory.lastIndex(of: "/") { try Directory.flush(String(directory[..<slash]), disk) }
        hasUnflushedFolder = false
    }
}
