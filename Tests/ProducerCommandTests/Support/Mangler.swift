// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Mutation
import NIOCore
import Synchronization

/// Decides, by a seed, what becomes of the bytes that pass one way through a connection.
struct Mangler: Sendable {
    /// What is damaged.
    enum Style: Sendable {
        /// Nothing.
        case nothing
        /// Any byte: bits flipped, bytes dropped, inserted, doubled, cut off.
        case bytes
        /// What follows the correlation id of a response; sizes stay right, so that every frame is taken for whole.
        case bodies
    }

    /// What to do with bytes that came in.
    struct Outcome: Sendable {
        var bytes: ByteBuffer
        var delay: TimeAmount?
        /// Whether to end the connection afterwards.
        var isLast = false
    }

    private let style: Style
    private let budget: DamageBudget
    private var mutator: Mutator
    private var unfinished = ByteBuffer()

    init(_ style: Style, budget: DamageBudget, seed: UInt64) {
        self.style = style
        self.budget = budget
        mutator = Mutator(seed: seed)
    }

    mutating func pass(_ piece: ByteBuffer) -> Outcome {
        switch style {
        case .nothing: return Outcome(bytes: piece)
        case .bytes:
            var outcome = Outcome(bytes: piece)
            if isDue(oneIn: 5) { outcome.bytes = ByteBuffer(bytes: mutator.mutate(Array(piece.readableBytesView))) }
            if isDue(oneIn: 20) { outcome.isLast = true }
            if isDue(oneIn: 10) { outcome.delay = .milliseconds(Int64.random(in: 1...30, using: &mutator.generator)) }
            return outcome
        case .bodies:
            unfinished.writeImmutableBuffer(piece)
            var result = ByteBuffer()
            while let frame = try? FrameSize.nextFrame(of: &unfinished, limit: .max) {
                var bytes = Array(frame.readableBytesView)
                if bytes.count > 4, isDue(oneIn: 4) { bytes = bytes.prefix(4) + mutator.mutate(Array(bytes[4...])) }
                result.writeInteger(Int32(bytes.count))
                result.writeBytes(bytes)
            }
            return Outcome(bytes: result)
        }
    }

    private mutating func isDue(oneIn count: Int) -> Bool {
        Int.random(in: 0..<count, using: &mutator.generator) == 0 && budget.take()
    }
}

/// How many more faults there may be, over all connections: after them all is well, so that a run comes to its end.
final class DamageBudget: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    func take() -> Bool {
        left.withLock { left in
            guard left > 0 else { return false }
            left -= 1
            return true
        }
    }
}
