// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Compares a run with the checkpoint of an earlier one: where to go on, or why that cannot be.
struct CheckpointPlan: Sendable {
    let file: CheckpointFile
    let topic: String
    /// Stands for all options that decide what the records are.
    let options: UInt32
    let sources: [InputSource]
    let delimiter: [UInt8]
    /// How much is read at once where the beginning of a torn record is looked for, in bytes.
    private static let pieceSize: UInt64 = 1 << 20

    init(path: String, plan: SendPlan) {
        file = CheckpointFile(path: path)
        topic = plan.topic
        sources = plan.sources
        delimiter = plan.format.delimiter.bytes
        let identity = "\(plan.format)\n\(plan.partition ?? -1)\n\(plan.key ?? "\u{0}")\n\(plan.headers)"
        unsafe options = CRC32C.checksum(of: Array(identity.utf8).span.bytes)
    }

    /// What the run begins with, and what a person should know about it.
    func base() throws -> (base: Checkpoint, isResumed: Bool) {
        try file.lock()
        let earlier = try file.read()
        if let earlier { try compare(earlier) }
        var base = Checkpoint(topic: topic, options: options, files: [])
        for (index, source) in sources.enumerated() {
            guard case .regular = try InputDescriptor.check(source) else {
                throw UsageError("--checkpoint needs files: \(source.name) cannot be read again")
            }
            var fresh = Checkpoint.File(
                name: source.name,
                fingerprint: try FileFingerprint(of: source.name),
                offset: 0,
                records: 0
            )
            if let earlier, index < earlier.files.count {
                let known = earlier.files[index]
                let present = try FileFingerprint(of: source.name, hashing: known.fingerprint.hashedBytes)
                if let difference = known.fingerprint.difference(from: present, delivered: known.offset) {
                    throw UsageError(
                        "\(source.name) is not the file that \(file.path) is about: \(difference). "
                            + "To load it from its beginning, remove \(file.path)"
                    )
                }
                (fresh.offset, fresh.records) = (known.offset, known.records)
                try goBackIfTorn(&fresh)
            }
            base.files.append(fresh)
        }
        return (base, base.files.contains { $0.offset > 0 })
    }

    private func compare(_ earlier: Checkpoint) throws(UsageError) {
        func refuse(_ what: String) throws(UsageError) {
            throw UsageError("\(file.path) is the checkpoint of another load: \(what). Name another file, or remove it")
        }
        if earlier.topic != topic { try refuse("its topic is \(earlier.topic)") }
        if earlier.options != options { try refuse("its options part the input into other records") }
        guard earlier.files.map(\.name) == sources.prefix(earlier.files.count).map(\.name) else {
            return try refuse("its files are \(earlier.files.map(\.name).joined(separator: " "))")
        }
    }

    /// A last line without its end was sent as it was. When the file has grown since, it has become another line, which is
    /// sent as a whole.
    private func goBackIfTorn(_ known: inout Checkpoint.File) throws(InputError) {
        guard known.offset > 0, known.records > 0, known.offset < known.fingerprint.size else { return }
        let descriptor = try InputDescriptor(opening: .file(known.name))
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
        var bytes = [UInt8](repeating: 0, count: range.count)
        let read = unsafe bytes.withUnsafeMutableBytes { memory in
            unsafe pread(descriptor.number, memory.baseAddress, memory.count, off_t(range.lowerBound))
        }
        guard read == bytes.count else {
            throw InputError(input: name, reason: .cannotRead(errno, offset: range.lowerBound))
        }
        return bytes
    }
}
