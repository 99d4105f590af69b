// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol

/// Where a load begins or goes on, by what is stored of it: a value, from which nothing is asked.
enum LoadStart: Equatable, Sendable {
    /// From the beginning, with a claim.
    case begin
    /// Behind what is committed.
    case goOn(LoadPosition)
    /// All inputs are committed to their ends.
    case nothingToDo(LoadPosition)

    /// All that is known before anybody is fenced.
    struct Facts: Equatable, Sendable {
        var stored: StoredPosition
        /// What the coordinator knows of the transactional id.
        var transactionalID: TransactionalIDKnowledge
        /// Whether a note on this machine says that the load has been here.
        var hasNote: Bool
        /// The fingerprint that the input has now which the position is about, over as many bytes.
        var present: LoadFingerprint?
        /// Where the followed log is that the position is about, if it has lost its name.
        var renamed: RotatedLog?
        /// Whether `--from-start` was given.
        var fromStart: Bool
    }

    /// Decides where to begin.
    ///
    /// - Throws: Why nothing may be sent.
    init(_ request: LoadRequest, _ facts: Facts) throws(LoadRefusal) {
        switch facts.stored {
        case .elsewhere(let topic): throw .otherTopic(topic)
        case .unreadable(let offset, let metadata): throw .unreadable(offset: offset, metadata: metadata)
        case .forgotten: self = .begin
        case .none:
            if !facts.fromStart {
                guard !facts.hasNote else { throw .lost(.note) }
                if case .known = facts.transactionalID { throw .lost(.transactionalID) }
            }
            self = .begin
        case .position(let position):
            if let refusal = Self.refusal(of: position, request, facts) { throw refusal }
            self = Self.isComplete(position, request) ? .nothingToDo(position) : .goOn(position)
        }
    }

    /// Why the position is not one of this load; nil when it is.
    private static func refusal(
        of position: LoadPosition,
        _ request: LoadRequest,
        _ facts: Facts
    ) -> LoadRefusal? {
        let areIDsKnown = position.topicID != .zero && request.topicID != .zero
        if areIDsKnown, position.topicID != request.topicID { return .topicMadeAnew }
        guard position.options == request.options else { return .otherOptions }
        guard request.names.count >= position.inputCount else {
            return .fewerInputs(before: position.inputCount, now: request.names.count)
        }
        guard request.checksum(ofFirst: position.inputCount) == position.names else { return .otherNames }
        return refusal(ofInputOf: position, request, facts)
    }

    private static func refusal(
        ofInputOf position: LoadPosition,
        _ request: LoadRequest,
        _ facts: Facts
    ) -> LoadRefusal? {
        let name = request.names[position.input]
        if position.generation == 0 {
            let sizes = request.inputs.prefix(position.input).map(\.size)
            let known = sizes.reduce(into: UInt64?(0)) { sum, size in
                sum = if let size, let before = sum { before &+ size } else { nil }
            }
            // What cannot be read again has no size that could be compared.
            if let known, known != position.origin.offset {
                return .finishedInputsChanged(before: position.origin.offset, now: known)
            }
        }
        // It was compared when it was found.
        guard facts.renamed == nil else { return nil }
        switch (request.inputs[position.input], position.fingerprint) {
        case (.file(let size), .file):
            guard size >= position.place else { return .shrunk(name, committed: position.place, size: size) }
            return facts.present == position.fingerprint ? nil : .otherBeginning(name)
        // It is compared while it is read.
        case (.stream, .stream): return nil
        case (.stream, .file), (.awaited, .file): return position.place == 0 ? nil : .otherKind(name)
        case (.file, .stream), (.awaited, .stream): return .otherKind(name)
        }
    }

    private static func isComplete(_ position: LoadPosition, _ request: LoadRequest) -> Bool {
        guard !request.follows, position.input == request.names.count - 1 else { return false }
        return request.inputs[position.input].size == position.place
    }
}
