// SPDX-License-Identifier: Apache-2.0

/// Turns places over all inputs into places in one of them, as the reading thread comes to them.
struct LoadPlaces: Sendable {
    /// A place in an input.
    struct Place: Equatable, Sendable {
        var input: Int
        var generation: Int
        /// Bytes and records of the input before it.
        var mark: CheckpointTracker.Mark
    }

    private struct Extent: Sendable {
        var input: Int
        var generation: Int
        /// Where it begins, over all inputs.
        var start: CheckpointTracker.Mark
        /// Where the input's first byte and record would be; nil while another file is read that has lost its place.
        var origin: CheckpointTracker.Mark?
    }

    private var extents: [Extent] = []
    private var latest = (input: -1, generation: 0)
    /// Where the current input was left for another file.
    private var left = CheckpointTracker.Mark.start

    init() {}

    /// Goes on where an earlier run was.
    init(resuming position: LoadPosition) {
        // The reading thread begins it again.
        latest = (position.input, position.generation - 1)
    }

    /// The input of this number begins at `origin`; the same number again means that another file has its name.
    mutating func began(_ input: Int, at origin: CheckpointTracker.Mark) {
        latest = input == latest.input ? (input, latest.generation + 1) : (input, 0)
        append(Extent(input: input, generation: latest.generation, start: origin, origin: origin))
    }

    /// What was read last goes on at `start`: the current input, whose beginning would be at `origin`, or with nil a file that
    /// has lost its name.
    mutating func resumed(at start: CheckpointTracker.Mark, origin: CheckpointTracker.Mark?) {
        if origin == nil { left = place(of: start)?.mark ?? .start }
        append(Extent(input: latest.input, generation: latest.generation, start: start, origin: origin))
    }

    private mutating func append(_ extent: Extent) {
        // What begins where another one does takes its place.
        while let last = extents.last, last.start.offset >= extent.start.offset,
            last.start.record >= extent.start.record
        {
            extents.removeLast()
        }
        extents.append(extent)
    }

    /// The place of a mark over all inputs; nil before the first input.
    func place(of mark: CheckpointTracker.Mark) -> Place? {
        guard let extent = extents.last(where: { $0.start.offset <= mark.offset }) else { return nil }
        let inside = extent.origin.map { origin in
            CheckpointTracker.Mark(
                record: mark.record - min(mark.record, origin.record),
                offset: mark.offset - min(mark.offset, origin.offset)
            )
        }
        return Place(input: extent.input, generation: extent.generation, mark: inside ?? left)
    }

    /// Everything before this mark is committed: what lies before the extent that has it is not asked for again.
    mutating func committed(_ mark: CheckpointTracker.Mark) {
        guard let index = extents.lastIndex(where: { $0.start.offset <= mark.offset }) else { return }
        extents.removeFirst(index)
    }
}
