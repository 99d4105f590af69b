// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Platform

/// Compares a run with the checkpoint of an earlier one: where to go on, or why that cannot be.
struct CheckpointPlan: Sendable {
    let file: CheckpointFile
    let topic: String
    /// Stands for all options that decide what the records are.
    let options: UInt32
    let sources: [InputSource]
    /// What ends a record; nil when records end without that.
    let ending: [UInt8]?
    /// What is done with the bytes of inputs before records are looked for.
    let form: InputForm
    /// The last input if it is not there yet and is followed.
    let awaited: InputSource?
    /// The path of the last input if it is a file that is followed.
    let followed: String?
    /// How much is read at once where the beginning of a torn record is looked for, in bytes.
    private static let pieceSize: UInt64 = 1 << 20

    init(path: String, plan: SendPlan) {
        file = CheckpointFile(path: path)
        topic = plan.topic.isEmpty ? "*" : plan.topic
        sources = plan.sources
        ending = plan.format.ending
        form = plan.form
        awaited = plan.sources.last.flatMap { plan.waits(for: $0) ? $0 : nil }
        followed = if plan.follows, case .file(let path)? = plan.sources.last { path } else { nil }
        options = Self.identity(of: plan)
    }

    /// Stands for all options that decide what the records are.
    static func identity(of plan: SendPlan) -> UInt32 {
        let key = plan.key.map { "\($0.bytes)" } ?? "\u{0}"
        let encoding = plan.form.encoding == .utf8 ? "" : "\n" + plan.form.encoding.rawValue
        let identity = "\(plan.format.identity)\n\(plan.partition ?? -1)\n\(key)\n\(plan.headers)\(encoding)"
        return unsafe CRC32C.checksum(of: Array(identity.utf8).span.bytes)
    }

    /// What the run begins with.
    func start() throws -> CheckpointStart {
        try file.lock()
        let earlier = try file.read().map { text throws(UsageError) in
            guard let checkpoint = Checkpoint(text: text) else {
                throw UsageError("--checkpoint \(file.path) is not a checkpoint of kafka-producer; name another file")
            }
            return checkpoint
        }
        if let earlier { try compare(earlier) }
        var fresh = try freshFiles()
        // What was awaited and did not come is no file to go on with.
        var files = (earlier?.files ?? []).filter { $0.fingerprint != .none }
        let renamed = try renamedLog(&fresh, &files)
        let inputs = fresh.map { CheckpointMatch.Input(name: $0.name, inode: $0.fingerprint.inode) }
        let match: CheckpointMatch
        do {
            match = try CheckpointMatch(inputs, in: files) { name, count in
                try FileFingerprint(of: name == followed ? renamed?.path ?? name : name, hashing: count)
            }
        } catch let refusal as CheckpointMatch.Refusal {
            throw UsageError(text(of: refusal))
        }
        var base = Checkpoint(topic: topic, options: options, files: fresh)
        for (index, known) in match.known.enumerated() {
            guard let known else { continue }
            guard (known.content == nil) == (base.files[index].content == nil) else {
                throw UsageError(
                    "\(file.path) says how far \(known.name) was read "
                        + (known.content == nil ? "as it is, and not decompressed" : "decompressed, and not as it is")
                        + ": give the same --decompress, or name another file"
                )
            }
            (base.files[index].offset, base.files[index].records) = (known.offset, known.records)
            // What was appended since is to be read.
            let hasGrown = known.fingerprint.size < base.files[index].fingerprint.size
            if let content = known.content { base.files[index].content?.isWhole = content.isWhole && !hasGrown }
            try goBackIfTorn(&base.files[index], in: renamed)
        }
        base.files += match.finished
        return CheckpointStart(base: base, inputCount: fresh.count, renamed: renamed)
    }

    /// Looks for a followed log that was renamed since. Where there is one, it is the last of the inputs in place of what has
    /// its name now, and is known as what it is, also where it is a copy.
    private func renamedLog(
        _ inputs: inout [Checkpoint.File],
        _ known: inout [Checkpoint.File]
    ) throws(InputError) -> RotatedLog? {
        guard let followed, let last = inputs.indices.last,
            let index = known.firstIndex(where: { $0.name == followed && $0.content == nil })
        else { return nil }
        let (print, delivered) = (known[index].fingerprint, known[index].offset)
        func isSame(_ present: FileFingerprint) -> Bool {
            // Of an empty file nothing is known but which it was.
            (print.hashedBytes > 0 || present.inode == print.inode) && present.hash == print.hash
                && present.hashedBytes == print.hashedBytes && present.size >= max(print.size, delivered)
        }
        if inputs[last].fingerprint != .none, try isSame(FileFingerprint(of: followed, hashing: print.hashedBytes)) {
            return nil
        }
        let renamed = RotatedLog(of: followed) { file, size in
            guard size >= delivered,
                let present = try? FileFingerprint(of: file, named: followed, hashing: print.hashedBytes)
            else { return false }
            return isSame(present)
        }
        guard let renamed else { return nil }
        inputs[last].fingerprint = try FileFingerprint(of: renamed.path)
        known[index].fingerprint.inode = inputs[last].fingerprint.inode
        return renamed
    }

    /// The inputs as if nothing of them was delivered.
    private func freshFiles() throws -> [Checkpoint.File] {
        var files: [Checkpoint.File] = []
        for source in sources {
            if source == awaited {
                files.append(Checkpoint.File(name: source.name, fingerprint: .none, offset: 0, records: 0))
                continue
            }
            guard case .regular = try InputDescriptor.check(source) else {
                throw UsageError("--checkpoint needs files: \(source.name) cannot be read again")
            }
            let print = try FileFingerprint(of: source.name)
            if let other = files.first(where: { $0.fingerprint.inode == print.inode }), print.inode != 0 {
                throw UsageError("--checkpoint: \(source.name) is the same file as \(other.name); name it once")
            }
            let content = form.changes(source) ? Checkpoint.File.Content() : nil
            files.append(
                Checkpoint.File(name: source.name, fingerprint: print, offset: 0, records: 0, content: content)
            )
        }
        return files
    }

    private func compare(_ earlier: Checkpoint) throws(UsageError) {
        func refuse(_ what: String) throws(UsageError) {
            throw UsageError("\(file.path) is the checkpoint of another load: \(what). Name another file, or remove it")
        }
        if earlier.topic != topic { try refuse("its topic is \(earlier.topic)") }
        if earlier.options != options { try refuse("its options part the input into other records") }
    }

    private func text(of refusal: CheckpointMatch.Refusal) -> String {
        switch refusal {
        case .another(let name, let difference):
            "\(name) is not the file that \(file.path) is about: \(difference). If that file has another name now, name it "
                + "too, before this one; to load \(name) from its beginning, remove \(file.path)"
        case .unfinished(let name, let offset, let size):
            "\(file.path) says that \(name) is not delivered to its end, but to byte \(NumberText.grouped(offset)) of "
                + "\(NumberText.grouped(size)): name it too, or remove \(file.path) to leave the rest of it out"
        }
    }

    /// A last line without its end was sent as it was. When the file has grown since, it has become another line, which is
    /// sent as a whole.
    private func goBackIfTorn(_ known: inout Checkpoint.File, in renamed: RotatedLog?) throws(InputError) {
        guard let delimiter = ending, known.content == nil, known.offset > 0, known.records > 0,
            known.offset < known.fingerprint.size
        else {
            return
        }
        let path = known.name == followed ? renamed?.path ?? known.name : known.name
        let descriptor = try InputDescriptor(opening: .file(path))
        var end = known.offset
        var isFirst = true
        // The delimiter may lie across two pieces.
        let overlap = UInt64(delimiter.count - 1)
        while true {
            let begin = end - min(end, Self.pieceSize)
            let bytes = try read(descriptor, of: known.name, begin..<end)
            var index = bytes.count - delimiter.count
            if isFirst, index >= 0, bytes.span.hasBytes(delimiter, at: index) { return }
            isFirst = false
            while index >= 0, !bytes.span.hasBytes(delimiter, at: index) { index -= 1 }
            if index >= 0 || begin == 0 {
                known.offset = index >= 0 ? begin + UInt64(index + delimiter.count) : 0
                known.records -= 1
                return
            }
            end = begin + overlap
        }
    }

    private func read(
        _ descriptor: borrowing InputDescriptor,
        of name: String,
        _ range: Range<UInt64>
    ) throws(InputError) -> [UInt8] {
        let part = FilePart(of: descriptor.number, at: range.lowerBound, count: range.count)
        guard part.bytes.count == range.count else {
            throw InputError(input: name, reason: .cannotRead(part.error ?? EIO, offset: range.lowerBound))
        }
        return part.bytes
    }
}
