// SPDX-License-Identifier: Apache-2.0

/// Decides what is read next of the files that have had the followed name.
///
/// They are read in the order in which they got it. The story of a rotation:
/// 1. The log is renamed, and a new one is made. The old one is read to its end; then the new one becomes the current file.
/// 2. The writer goes on with the old file until it is told. As long as the new one is empty, all of that comes first.
/// 3. The new file has bytes: a writer has changed over. Others may not have, and what they append to the old file in the
///    next seconds is sent as well. Then the old file is closed.
///
/// A pure value: it gets sizes and the time, and keeps deadlines.
struct FollowMachine: Sendable {
    /// How long a file is kept after a later one has got its first bytes, or after its own last growth, in seconds.
    static let grace = 5.0
    /// How many files before the current one are kept at most; each costs a descriptor.
    static let mostEarlier = 32

    /// What is known of the files at one moment. Sizes are taken from the latest file to the earliest: then what a writer
    /// has put into one file before it changed over to a later one is seen with the bytes of the later one.
    struct Look: Equatable, Sendable {
        /// Of each file before the current one, the bytes that are not read; negative when it was cut off.
        var earlier: [Int64] = []
        /// The same of the current file.
        var unread: Int64 = 0
        /// The size of the current file.
        var size: UInt64 = 0
        /// Whether the current file's last record, as far as it is read, has no end.
        var holdsPartialRecord = false
        /// The sizes of the files that have got the name since.
        var later: [UInt64] = []
    }

    enum Action: Equatable, Sendable {
        /// Read the current file.
        case read
        /// Read what was appended to this one of the earlier files.
        case readEarlier(Int)
        /// Nothing more is expected of this one of the earlier files.
        case close(Int)
        /// The current file was cut off: read it from its beginning.
        case restart
        /// The current file is read to its end, and the next one becomes the current.
        case goOn
        /// Nothing can be done before something happens.
        case wait
    }

    /// When each of the earlier files is closed; nil while that is not known.
    private var deadlines: [Double?] = []
    /// Which of the earlier files was read last, unless the current one has been read since.
    private var lastEarlier: Int?
    /// When the first of the later files was seen.
    private var laterSince: Double?

    /// What to do; the machine takes it for done.
    mutating func looked(_ look: Look, at time: Double) -> Action {
        while deadlines.count < look.earlier.count { deadlines.append(nil) }
        if let index = earlierToRead(look) { return .readEarlier(index) }
        lastEarlier = nil
        if let index = look.earlier.firstIndex(where: { $0 < 0 }) { return close(index) }
        if look.earlier.count > Self.mostEarlier { return close(0) }
        if let index = expired(look, at: time) { return close(index) }
        if look.unread > 0 { return .read }
        if look.unread < 0 { return .restart }
        guard let next = look.later.first else {
            laterSince = nil
            return .wait
        }
        let since = laterSince ?? time
        laterSince = since
        // A writer that is in the middle of a record ends it in this file, before it changes over to the next one.
        guard !look.holdsPartialRecord || next > 0 || look.later.count > 1 || time - since >= Self.grace else {
            return .wait
        }
        laterSince = nil
        return .goOn
    }

    /// The first of the earlier files that has grown. One that is written without a pause takes turns with the current file.
    private mutating func earlierToRead(_ look: Look) -> Int? {
        guard let index = look.earlier.firstIndex(where: { $0 > 0 }) else { return nil }
        if let lastEarlier, index <= lastEarlier, look.unread > 0 { return nil }
        lastEarlier = index
        deadlines[index] = nil
        return index
    }

    private mutating func close(_ index: Int) -> Action {
        deadlines.remove(at: index)
        return .close(index)
    }

    /// The first of the earlier files whose time is over. Its time begins when a file after it has bytes, or was replaced.
    private mutating func expired(_ look: Look, at time: Double) -> Int? {
        for index in deadlines.indices {
            let isLast = index == deadlines.count - 1
            guard !isLast || look.size > 0 || !look.later.isEmpty else { continue }
            let deadline = deadlines[index] ?? time + Self.grace
            deadlines[index] = deadline
            if deadline <= time { return index }
        }
        return nil
    }
}
