// SPDX-License-Identifier: Apache-2.0

/// A regular expression that says how far a text goes: from where it begins, the first alternative that matches counts, and
/// repeats take as much as they can, as in Go.
///
/// All ways through it are followed side by side, a byte at a time, so that no text makes it slow.
public struct TextExpression: Equatable, Sendable, CustomStringConvertible {
    /// What may come next.
    enum Step: Equatable, Sendable {
        case byte(ByteSet)
        /// Both ways, the first rather than the second.
        case fork(Int, Int)
        case jump(Int)
        case end
    }

    /// Where a text ends.
    enum Match: Equatable {
        case end(Int)
        case none
        /// It may go on beyond the bytes.
        case incomplete
    }

    private static let longest = 5_000

    /// The expression, as it was written.
    public let description: String
    private var steps: [Step] = []

    /// Reads an expression in RE2's syntax, without anchors and word boundaries.
    init(_ text: String) throws(RecordLayoutFault) {
        description = text
        try append(ExpressionParser.node(of: Array(text.utf8)))
        steps.append(.end)
    }

    private mutating func append(_ node: ExpressionNode) throws(RecordLayoutFault) {
        guard steps.count < Self.longest else { throw RecordLayoutFault("counts in {re} that come to too much") }
        switch node {
        case .nothing: break
        case .byte(let set): steps.append(.byte(set))
        case .sequence(let nodes): for node in nodes { try append(node) }
        case .choice(let nodes):
            var ends: [Int] = []
            for node in nodes.dropLast() {
                let fork = steps.count
                steps.append(.fork(fork + 1, 0))
                try append(node)
                ends.append(steps.count)
                steps.append(.jump(0))
                steps[fork] = .fork(fork + 1, steps.count)
            }
            if let last = nodes.last { try append(last) }
            for end in ends { steps[end] = .jump(steps.count) }
        case .repeated(let node, let least, let most, let isGreedy):
            for _ in 0..<least { try append(node) }
            guard let most else { return try appendLoop(node, isGreedy) }
            var forks: [Int] = []
            for _ in least..<most {
                forks.append(steps.count)
                steps.append(.fork(0, 0))
                try append(node)
            }
            for fork in forks { steps[fork] = Self.fork(fork + 1, steps.count, isGreedy) }
        }
    }

    private mutating func appendLoop(_ node: ExpressionNode, _ isGreedy: Bool) throws(RecordLayoutFault) {
        let fork = steps.count
        steps.append(.fork(0, 0))
        try append(node)
        steps.append(.jump(fork))
        steps[fork] = Self.fork(fork + 1, steps.count, isGreedy)
    }

    private static func fork(_ inside: Int, _ behind: Int, _ isGreedy: Bool) -> Step {
        isGreedy ? .fork(inside, behind) : .fork(behind, inside)
    }

    /// Finds where the text that begins at `start` ends; `isEnd` says that no bytes follow these.
    func match(_ bytes: Span<UInt8>, from start: Int, isEnd: Bool, _ ways: inout ExpressionWays) -> Match {
        ways.begin(count: steps.count)
        ways.add(0, steps, at: start)
        var place = start
        var end: Int?
        while true {
            ways.turn()
            var mayGoOn = false
            scan: for way in ways.current {
                switch steps[way] {
                case .end:
                    // What comes after it is less wanted.
                    end = place
                    break scan
                case .byte(let set):
                    mayGoOn = true
                    if place < bytes.count, set.contains(bytes[place]) { ways.add(way + 1, steps, at: place + 1) }
                case .fork, .jump: break
                }
            }
            guard mayGoOn else { break }
            guard place < bytes.count else {
                guard isEnd else { return .incomplete }
                break
            }
            place += 1
        }
        return end.map { .end($0) } ?? .none
    }
}

/// The ways through an expression that are followed, the most wanted first. It is used again for each text.
struct ExpressionWays: Sendable {
    private(set) var current: [Int] = []
    private var next: [Int] = []
    private var stack: [Int] = []
    /// Where each step was last added.
    private var seen: [Int] = []

    mutating func begin(count: Int) {
        current.removeAll(keepingCapacity: true)
        next.removeAll(keepingCapacity: true)
        if seen.count < count {
            seen = [Int](repeating: -1, count: count)
        } else {
            for index in 0..<count { seen[index] = -1 }
        }
    }

    /// Takes what was added.
    mutating func turn() {
        swap(&current, &next)
        next.removeAll(keepingCapacity: true)
    }

    /// Adds a step, and where it leads without a byte.
    mutating func add(_ step: Int, _ steps: [TextExpression.Step], at place: Int) {
        stack.append(step)
        while let step = stack.popLast() {
            guard seen[step] != place else { continue }
            seen[step] = place
            switch steps[step] {
            case .byte, .end: next.append(step)
            case .jump(let target): stack.append(target)
            case .fork(let first, let second):
                stack.append(second)
                stack.append(first)
            }
        }
    }
}
