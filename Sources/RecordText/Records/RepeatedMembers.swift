// SPDX-License-Identifier: Apache-2.0

/// Members that the objects of one source repeat one behind the other, names and values: they are passed by one comparison, and
/// what they say is known from the last time.
///
/// Half of each dead letter is what the one before said: the error, the message, the topic. Two objects in a row show what
/// repeats. What ceases to repeat is forgotten, and looked for again after more and more objects.
struct RepeatedMembers: Sendable {
    /// Fewer bytes than this are read as fast as they are compared.
    private static let fewestBytes = 48
    /// More are not kept.
    private static let mostBytes = 1024
    /// After so many objects at most repeated members are looked for again.
    private static let longestWait = 4096

    /// The place of the first of them among the members of an object; none is at -1.
    private(set) var first = -1
    /// How many there are.
    private(set) var count = 0
    /// What they say. Places in it are those of the object from which it was learned.
    private(set) var said = RecordObject()
    /// Which members are among them.
    private(set) var kinds = RecordMember.Kinds()
    /// Where they began there.
    private(set) var origin = 0

    /// Their bytes, the first byte lowest, with zeros behind them.
    private var words: [UInt64] = []
    private var byteCount = 0
    /// What followed, which is not passed: a number may go on.
    private var follower: UInt8 = 0
    private var hits = 0
    private var misses = 0

    // Looking for them.

    /// Whether the next object is looked at.
    private(set) var isLooking = true
    /// Where each member of the object begins that is looked at, and last where they end.
    private var starts: [Int] = []
    /// The object that was looked at before, if one was.
    private var sample: [UInt8] = []
    private var sampleStarts: [Int] = []
    private var wait = 0
    private var nextWait = 1

    // MARK: passing

    /// Passes all of them, if they are what comes next.
    mutating func passes(_ scanner: inout JSONScanner, in bytes: Span<UInt8>) -> Bool {
        guard areNext(scanner, in: bytes) else {
            misses &+= 1
            if misses > 4 &+ hits / 8 { forget() }
            return false
        }
        hits &+= 1
        scanner.move(to: scanner.position &+ byteCount)
        return true
    }

    @inline(__always)
    private func areNext(_ scanner: JSONScanner, in bytes: Span<UInt8>) -> Bool {
        let place = scanner.position
        guard place &+ byteCount < scanner.end, bytes[place &+ byteCount] == follower else { return false }
        return bytes.hasWords(words, byteCount: byteCount, at: place)
    }

    private mutating func forget() {
        nextWait = hits > 64 ? 1 : min(nextWait * 2, Self.longestWait)
        wait = nextWait
        first = -1
    }

    // MARK: looking

    /// An object begins.
    @inline(__always)
    mutating func objectBegins() {
        guard first < 0 else { return }
        if isLooking {
            // The one before may have ended early.
            starts.removeAll(keepingCapacity: true)
        } else {
            wait &-= 1
            if wait < 0 { isLooking = true }
        }
    }

    /// A member begins, or the last one has ended.
    mutating func memberBegins(at place: Int) { starts.append(place) }

    /// The object that was looked at has ended.
    ///
    /// - Parameters:
    ///   - bytes: Those in which it lies.
    ///   - shape: The names of its members.
    mutating func objectEnds(in bytes: Span<UInt8>, _ shape: borrowing RecordShape) {
        defer { starts.removeAll(keepingCapacity: true) }
        guard let start = starts.first, let end = starts.last, end - start <= Self.mostBytes else { return giveUp() }
        guard !sample.isEmpty else {
            for place in start..<end { sample.append(bytes[place]) }
            sampleStarts = starts.map { $0 - start }
            return
        }
        let run = longestRun(in: bytes, shape)
        guard let run, let said = try? RecordObject(members: run, from: starts[run.lowerBound], end, in: bytes) else {
            return giveUp()
        }
        (first, count) = (run.lowerBound, run.count)
        (hits, misses) = (0, 0)
        self.said = said
        kinds = RecordMember.Kinds()
        for index in run { if let member = shape.member(index) { kinds.insert(member) } }
        keep(starts[run.lowerBound]..<starts[run.upperBound], in: bytes)
        isLooking = false
        sample.removeAll(keepingCapacity: true)
    }

    /// An object is too large to be kept, or has nothing that repeats.
    private mutating func giveUp() {
        starts.removeAll(keepingCapacity: true)
        sample.removeAll(keepingCapacity: true)
        isLooking = false
        wait = nextWait
        nextWait = min(nextWait * 2, Self.longestWait)
    }

    /// The members of the object that are those of the one before, at the same places, with the same values: as many in a row as
    /// have most bytes.
    private func longestRun(in bytes: Span<UInt8>, _ shape: borrowing RecordShape) -> Range<Int>? {
        let members = min(starts.count, sampleStarts.count) - 1
        var (longest, length) = (0..<0, Self.fewestBytes - 1)
        var begin = 0
        for index in 0..<members {
            guard shape.isPlain(index), isRepeated(index, in: bytes) else {
                begin = index + 1
                continue
            }
            let bytes = starts[index + 1] - starts[begin]
            if bytes > length { (longest, length) = (begin..<index + 1, bytes) }
        }
        return longest.isEmpty ? nil : longest
    }

    private func isRepeated(_ index: Int, in bytes: Span<UInt8>) -> Bool {
        let (part, before) = (starts[index]..<starts[index + 1], sampleStarts[index]..<sampleStarts[index + 1])
        guard part.count == before.count else { return false }
        return zip(part, before).allSatisfy { bytes[$0] == sample[$1] }
    }

    private mutating func keep(_ part: Range<Int>, in bytes: Span<UInt8>) {
        (origin, byteCount, follower) = (part.lowerBound, part.count, bytes[part.upperBound])
        words = [UInt64](repeating: 0, count: (part.count + 7) / 8)
        for (offset, place) in part.enumerated() {
            words[offset / 8] |= UInt64(bytes[place]) << UInt64(offset % 8 * 8)
        }
    }
}

extension RecordMember {
    /// Members of which each is there or not.
    struct Kinds: Sendable {
        private var bits: UInt32 = 0

        mutating func insert(_ member: RecordMember) { bits |= Self.bit(of: member) }

        @inline(__always)
        func contains(_ member: RecordMember) -> Bool { bits & Self.bit(of: member) != 0 }

        @inline(__always)
        private static func bit(of member: RecordMember) -> UInt32 { 1 &<< UInt32(truncatingIfNeeded: member.number) }
    }
}
