// SPDX-License-Identifier: Apache-2.0

/// The last input with `--follow`: a file by its name.
extension RecordLoader {
    /// How much is read at once of a file that was renamed and has grown.
    private static let restChunkSize = 64 * 1024

    /// Reads the file and what takes its place, until that is interrupted: then it is false. True only when the cluster
    /// cannot be reached, and what was read is refused.
    @available(*, noasync)
    mutating func follow(
        _ path: String,
        _ index: Int,
        from start: (records: UInt64, offset: UInt64),
        _ buffer: inout InputBuffer,
        _ lanes: inout RecordLanes?
    ) throws(InputError) -> Bool {
        var follower = FileFollower(path: path, wakeUp: wakeUp, notices: log.inputNotices)
        let known = try knownFiles(index, path)
        guard try follower.open(from: start.offset, known), var file = follower.current else { return false }
        followed = file.descriptor.number
        let first = checkpoint?.awaits(input: index) == true ? try fingerprint(of: file, path) : nil
        var origin = CheckpointTracker.Mark(record: lanes?.ordinal ?? ordinal, offset: base)
        begin(.file(path), index, start, replacing: first, &lanes)
        var splitter = splitter
        while true {
            Self.release(&buffer, &splitter, &base)
            file.handedOver = handedOver(splitter, since: origin, lanes)
            switch try follower.next(holdsPartialRecord: buffer.count > 0 || splitter.skipped != nil) {
            case .interrupted: return false
            case .read:
                let began = ContinuousClock.now
                _ = unsafe try buffer.fill { memory throws(InputError) in
                    unsafe try file.read(into: memory, of: path)
                }
                counters.readInput(since: began)
                guard handOver(buffer, at: base, &splitter, isEnd: false, &lanes) else { return false }
            case .begin:
                guard handOver(buffer, at: base, &splitter, isEnd: true, &lanes) else { return false }
                file.handedOver = handedOver(splitter, since: origin, lanes)
                base += UInt64(buffer.count)
                buffer.release(buffer.count)
                splitter = self.splitter
                guard let next = follower.current else { return false }
                file = next
                followed = file.descriptor.number
                origin = CheckpointTracker.Mark(record: lanes?.ordinal ?? ordinal, offset: base)
                begin(.file(path), index, (records: 0, offset: 0), replacing: try fingerprint(of: file, path), &lanes)
            case .readEarlier(let earlier, let isEnd):
                let place = splitter.end(from: base)
                guard let added = try loadRest(of: earlier, path, at: place, isEnd: isEnd, &lanes) else { return false }
                guard added.offset > 0 else { continue }
                base += added.offset
                origin = CheckpointTracker.Mark(
                    record: origin.record + added.record,
                    offset: origin.offset + added.offset
                )
                resume(path, index, at: place + added.offset, origin, lanes)
            }
        }
    }

    /// The files that had the name, where what was read last does not have it any more.
    private func knownFiles(_ index: Int, _ path: String) throws(InputError) -> [FollowedFile] {
        var files: [FollowedFile] = []
        for file in keeper?.files(ofInput: index) ?? [] {
            if let file = try FollowedFile.open(file.number, named: path) { files.append(file) }
        }
        guard let rotated = checkpoint?.rotated(ofInput: index) else { return files }
        for path in rotated.paths {
            if let file = try FollowedFile.open(path) { files.append(file) }
        }
        return files
    }

    /// How much of the file that began at `origin` is handed over.
    private func handedOver(
        _ splitter: RecordSplitter,
        since origin: CheckpointTracker.Mark,
        _ lanes: RecordLanes?
    ) -> CheckpointTracker.Mark {
        let place = splitter.end(from: base)
        return CheckpointTracker.Mark(
            record: (lanes?.ordinal ?? ordinal) - origin.record,
            offset: place - origin.offset
        )
    }

    private func fingerprint(of file: FollowedFile, _ path: String) throws(InputError) -> FileFingerprint? {
        guard checkpoint != nil else { return nil }
        return try FileFingerprint(of: file.descriptor, named: path)
    }

    /// Hands over what was appended to a file that has lost its name: it lies at `place` over all inputs. Returns how much
    /// that was; nil when it ends the load. At the end also a last record without an end is handed over.
    @available(*, noasync)
    private mutating func loadRest(
        of file: FollowedFile,
        _ path: String,
        at place: UInt64,
        isEnd: Bool,
        _ lanes: inout RecordLanes?
    ) throws(InputError) -> CheckpointTracker.Mark? {
        let size = file.size
        // Cut off, it has nothing left; closed without a record that lacks its end, neither.
        guard size > Int64(file.handedOver.offset) else { return .start }
        let first = lanes?.ordinal ?? ordinal
        let origin = CheckpointTracker.Mark(
            record: first - file.handedOver.record,
            offset: place - file.handedOver.offset
        )
        resume(path, nil, at: place, origin, lanes)
        try file.seek(to: file.handedOver.offset, of: path)
        var buffer = InputBuffer(chunkSize: Self.restChunkSize, longestRecord: settings.longestInput)
        var splitter = splitter
        var base = place
        while Int64(file.offset) < size {
            let count = unsafe try buffer.fill { memory throws(InputError) in
                unsafe try file.read(into: memory, of: path)
            }
            guard handOver(buffer, at: base, &splitter, isEnd: count == 0 && isEnd, &lanes) else { return nil }
            guard count > 0 else { break }
            Self.release(&buffer, &splitter, &base)
        }
        if isEnd, !handOver(buffer, at: base, &splitter, isEnd: true, &lanes) { return nil }
        let end = splitter.end(from: base)
        let added = CheckpointTracker.Mark(record: (lanes?.ordinal ?? ordinal) - first, offset: end - place)
        file.handedOver.record += added.record
        file.handedOver.offset += added.offset
        return added
    }

    /// Notes that a file goes on that had been left: the input of this number, or none.
    private func resume(
        _ path: String,
        _ index: Int?,
        at place: UInt64,
        _ origin: CheckpointTracker.Mark,
        _ lanes: RecordLanes?
    ) {
        let record = lanes?.ordinal ?? ordinal
        log.resumed(path, firstRecord: record, origin: origin)
        let mark = CheckpointTracker.Mark(record: record, offset: place)
        checkpoint?.resumed(input: index, at: mark, origin: origin)
        keeper?.resumed(at: mark, origin: index == nil ? nil : origin)
    }
}
