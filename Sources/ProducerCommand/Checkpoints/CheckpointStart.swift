// SPDX-License-Identifier: Apache-2.0

/// What a run with a checkpoint begins with.
struct CheckpointStart: Sendable {
    /// The inputs in their order, then the files that earlier runs have finished.
    var base: Checkpoint
    /// How many files are inputs of this run.
    var inputCount: Int
    /// Where the last input goes on, if it is a followed log that was renamed since.
    var renamed: RotatedLog?

    private var inputs: ArraySlice<Checkpoint.File> { base.files.prefix(inputCount) }

    /// Whether an earlier run has delivered something of the inputs.
    var isResumed: Bool { inputs.contains { $0.offset > 0 } }

    /// Whether everything that the inputs hold is delivered.
    var isComplete: Bool { inputs.allSatisfy(\.isComplete) }

    /// The records of the inputs that are delivered.
    var records: UInt64 { inputs.reduce(0) { $0 &+ $1.records } }

    /// How far the inputs are, in words.
    var summary: String { base.summary(ofFirst: inputCount) }
}
