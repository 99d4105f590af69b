// SPDX-License-Identifier: Apache-2.0

/// Finds out which files of an earlier checkpoint the inputs of a run are: a file is known by what it is, also under another
/// name.
struct CheckpointMatch {
    /// An input of the run.
    struct Input {
        var name: String
        var inode: UInt64
    }

    /// Why a run cannot go on where the checkpoint says.
    enum Refusal: Error, Equatable {
        /// What has this name is not what had it.
        case another(name: String, difference: String)
        /// The file of this name is not delivered to its end, and is no input.
        case unfinished(name: String, offset: UInt64, size: UInt64)
    }

    /// For each input, its file among those of the checkpoint; nil for a new one.
    private(set) var known: [Checkpoint.File?]
    /// The files of the checkpoint that are no inputs, and done with. They are remembered.
    private(set) var finished: [Checkpoint.File] = []

    /// - Parameters:
    ///   - inputs: No two of them are one file.
    ///   - files: What the checkpoint holds.
    ///   - print: The fingerprint of the file of that name, over so many bytes of its beginning.
    /// - Throws: `Refusal`, and what `print` throws.
    init(
        _ inputs: [Input],
        in files: [Checkpoint.File],
        print: (String, Int) throws -> FileFingerprint
    ) throws {
        var rest = files
        known = []
        for input in inputs {
            let index = try rest.firstIndex { file in
                guard file.fingerprint.inode == input.inode else { return false }
                let present = try print(input.name, file.fingerprint.hashedBytes)
                return file.fingerprint.difference(from: present, delivered: file.deliveredOfStored) == nil
            }
            known.append(index.map { rest.remove(at: $0) })
        }
        for (input, file) in zip(inputs, known) where file == nil {
            guard let other = rest.first(where: { $0.name == input.name }) else { continue }
            let present = try print(input.name, other.fingerprint.hashedBytes)
            let difference = other.fingerprint.difference(from: present, delivered: other.deliveredOfStored)
            throw Refusal.another(name: input.name, difference: difference ?? "another file has its name now")
        }
        if let file = rest.first(where: { !$0.isComplete }) {
            throw Refusal.unfinished(name: file.name, offset: file.offset, size: file.fingerprint.size)
        }
        finished = rest
    }
}
