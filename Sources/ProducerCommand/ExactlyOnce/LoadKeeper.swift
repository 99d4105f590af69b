// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// Follows a load that is sent exactly once, and commits its position with each transaction.
///
/// The reading thread says where inputs begin; the thread that commits asks for the position of a mark.
final class LoadKeeper: Sendable {
    private struct State {
        var places = LoadPlaces()
        /// What the brokers have.
        var committed: LoadPosition
        /// What is committed with the open transaction, once that is.
        var pending: LoadPosition?
        /// Whether the inputs are read to their ends.
        var isAtEnd = false
        /// The files that are read, from that of the committed position on: by these, what is committed is known and found
        /// again also when it has lost its name.
        var files: [ReadFile] = []
        /// The fingerprint of one of them, once it is that of as many bytes as are hashed.
        var fingerprint: (file: OpenInput, print: LoadFingerprint)?
    }

    /// A descriptor of its own, which stays with the file when that loses its name.
    final class OpenInput: Sendable {
        private let descriptor: InputDescriptor
        var number: Int32 { descriptor.number }

        init?(_ path: String) {
            guard let descriptor = try? InputDescriptor(opening: .file(path)) else { return nil }
            self.descriptor = descriptor
        }

        init?(duplicating number: Int32) {
            guard let descriptor = InputDescriptor(duplicating: number) else { return nil }
            self.descriptor = descriptor
        }
    }

    /// A file that is read for an input, or was until another one took its name.
    private struct ReadFile: Sendable {
        var input: Int
        var generation: Int
        var descriptor: OpenInput

        func isOf(_ input: Int, _ generation: Int) -> Bool { (self.input, self.generation) == (input, generation) }
    }

    let request: LoadRequest
    private let sources: [InputSource]
    private let group: String
    let sideFiles: SideFiles
    private let note: LoadNote
    /// The tapes of inputs that cannot be read again, by the input's number.
    private let tapes: [Int: StreamTape]
    private let state: Mutex<State>
    /// Called with each position that is committed.
    private let onCommit: @Sendable (LoadPosition) -> Void

    init(
        _ request: LoadRequest,
        sources: [InputSource],
        from start: LoadPosition,
        group: String,
        sideFiles: SideFiles,
        note: LoadNote,
        tapes: [Int: StreamTape],
        renamed: [OpenInput],
        onCommit: @escaping @Sendable (LoadPosition) -> Void
    ) {
        self.request = request
        self.sources = sources
        self.group = group
        self.sideFiles = sideFiles
        self.note = note
        self.tapes = tapes
        self.onCommit = onCommit
        var state = State(committed: start)
        for (index, file) in renamed.enumerated() {
            state.files.append(ReadFile(input: start.input, generation: start.generation + index, descriptor: file))
        }
        self.state = Mutex(state)
    }

    /// Up to where the load is committed.
    var committed: LoadPosition { state.withLock { $0.committed } }

    // MARK: reading

    /// Reading begins, or begins again, where the load is committed.
    func begins() {
        state.withLock { state in
            state.places = LoadPlaces(resuming: state.committed)
            state.isAtEnd = false
            state.pending = nil
        }
    }

    /// The first input to read.
    var firstInput: Int { committed.input }

    /// Where to begin in an input.
    func start(ofInput input: Int) -> (records: UInt64, offset: UInt64) {
        let committed = committed
        return input == committed.input ? (committed.recordsInInput, committed.place) : (0, 0)
    }

    /// What an input is read from that cannot be read again; nil for files.
    func tape(ofInput input: Int) -> StreamTape? { tapes[input] }

    /// The files in which the input goes on, the earliest first: where the committed place is in one that is known, which may
    /// have lost its name, that one and those that had it since.
    func files(ofInput input: Int) -> [OpenInput] {
        state.withLock { state in
            let (committed, files) = (state.committed, state.files)
            guard files.contains(where: { $0.isOf(input, committed.generation) }), input == committed.input else {
                return []
            }
            return files.filter { $0.input == input && $0.generation >= committed.generation }.map(\.descriptor)
        }
    }

    /// The input of this number begins at `mark` over all inputs, or what has taken its name.
    ///
    /// - Parameters:
    ///   - input: Its number.
    ///   - mark: Where it begins.
    ///   - followed: The descriptor of the file that is read, where it may have lost the name.
    func began(_ input: Int, at mark: CheckpointTracker.Mark, _ followed: Int32?) {
        var file: OpenInput?
        if tapes[input] == nil, case .file(let path) = sources[input] {
            file = followed.map { OpenInput(duplicating: $0) } ?? OpenInput(path)
        }
        state.withLock { state in
            state.places.began(input, at: mark)
            let generation = state.places.place(of: mark)?.generation ?? 0
            // What had been read after it before the load was repeated comes again, in the same order or in another one.
            state.files.removeAll { $0.isOf(input, generation) }
            if let file { state.files.append(ReadFile(input: input, generation: generation, descriptor: file)) }
        }
    }

    /// What was read last goes on at `mark`; with nil as its origin it is a file that has lost its name.
    func resumed(at mark: CheckpointTracker.Mark, origin: CheckpointTracker.Mark?) {
        state.withLock { $0.places.resumed(at: mark, origin: origin) }
    }

    /// All inputs are read to their ends.
    func isAtEnd() { state.withLock { $0.isAtEnd = true } }

    // MARK: commits

    /// The position that says that everything before `mark` is committed.
    func position(at mark: CheckpointTracker.Mark, _ lengths: SideFiles.Lengths) -> LoadPosition {
        state.withLock { state in
            var position = state.committed
            let place = state.places.place(of: mark)
            position.topicID = request.topicID
            position.options = request.options
            position.inputCount = request.names.count
            position.names = request.checksum(ofFirst: request.names.count)
            if let place {
                (position.input, position.generation) = (place.input, place.generation)
                (position.place, position.recordsInInput) = (place.mark.offset, place.mark.record)
            }
            (position.bytes, position.records) = (mark.offset, mark.record)
            position.fingerprint = fingerprint(of: position, &state)
            (position.deadLetters, position.receipts) = (lengths.deadLetters, lengths.receipts)
            position.time = TimeText.now()
            position.isDone = state.isAtEnd
            position.path = request.names[position.input]
            return position
        }
    }

    private func fingerprint(of position: LoadPosition, _ state: inout State) -> LoadFingerprint {
        if let tape = tapes[position.input] { return .stream(hash: tape.hash(to: position.place)) }
        let count = Int(min(position.place, UInt64(FileFingerprint.hashLimit)))
        let known = state.files.last { $0.isOf(position.input, position.generation) }
        guard let file = known?.descriptor ?? OpenInput(sources[position.input].name) else {
            return .file(hashedBytes: 0, hash: 0)
        }
        if let (before, print) = state.fingerprint, before === file, case .file(count, _) = print { return print }
        let print = LoadFingerprint(ofDescriptor: file.number, hashing: count)
        state.fingerprint = (file, print)
        return print
    }

    /// Has the position at `mark` committed with the open transaction, once the side files are on the disk.
    ///
    /// - Parameters:
    ///   - mark: Everything before it is handed over.
    ///   - producer: Has the transaction.
    ///   - isDue: Whether the position is committed even if it is the same as before.
    /// - Throws: ``ProducerError`` when it cannot be.
    @available(*, noasync)
    func prepareCommit(
        at mark: CheckpointTracker.Mark,
        _ producer: KafkaProducer,
        isDue: Bool
    ) throws(ProducerError) {
        let (committed, isAtEnd) = state.withLock { ($0.committed, $0.isAtEnd) }
        guard isDue || mark != committed.mark || isAtEnd != committed.isDone else { return }
        // Their lengths are part of the position.
        if sideFiles.holdsReceipts { producer.waitForFlush() }
        let position = position(at: mark, try sideFiles.prepareCommit())
        state.withLock { $0.pending = position }
        do throws(ProducerError) {
            try producer.waitToCommitOffsets(
                [
                    CommittedOffset(
                        topic: request.topic,
                        partition: 0,
                        offset: Int64(clamping: position.bytes),
                        metadata: position.text
                    )
                ],
                of: ConsumerGroupMember(group)
            )
        } catch {
            // It goes on within the commit.
            guard error.code == .timedOut else { throw error }
        }
    }

    /// The transaction is committed, and the position with it.
    func wasCommitted() {
        let position = state.withLock { state -> LoadPosition? in
            guard let position = state.pending.take() else { return nil }
            state.committed = position
            state.places.committed(position.mark)
            state.files.removeAll { ($0.input, $0.generation) < (position.input, position.generation) }
            return position
        }
        guard let position else { return }
        tapes[position.input]?.committed(to: position.place)
        note.write(position, topic: request.topic)
        onCommit(position)
    }

    /// Takes back what was written into the side files since the last commit.
    @available(*, noasync)
    func cutBack() -> [String] {
        let committed = committed
        return sideFiles.cutBack(
            to: SideFiles.Lengths(deadLetters: committed.deadLetters, receipts: committed.receipts)
        )
    }
}
