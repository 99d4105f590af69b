// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// What happens after a failure, and where a second run goes on.
struct ResumeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "After a failed record: continue with the others, abort (read no further, deliver what was read, exit 1), "
                + "or stop-partition (fail what follows in its partition, so that nothing overtakes it).",
            valueName: "what"
        )
    )
    var onError: ErrorHandling = .continue

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Keep in FILE how far the input files are delivered. The same command goes on from there.",
            valueName: "file"
        ),
        completion: .file()
    )
    var checkpoint: String?

    @Flag(
        help: """
            At the end of the last file wait for more, until a signal: like tail -F, also from a new file of that name; of a \
            FIFO from its next writer.
            """
    )
    var follow = false

    /// Throws what does not go together with `sources`.
    func check(_ sources: [InputSource]) throws(UsageError) {
        if let checkpoint {
            guard !checkpoint.isEmpty else { throw UsageError("--checkpoint takes the name of a file") }
            guard !sources.contains(.standardInput) else {
                throw UsageError(
                    "--checkpoint needs files: standard input cannot be read again; name the files as arguments"
                )
            }
            var names: Set<String> = []
            for source in sources {
                guard names.insert(source.name).inserted else {
                    throw UsageError("--checkpoint: \(source.name) is named twice")
                }
                guard !source.name.utf8.contains(0x0A) else {
                    throw UsageError("--checkpoint: the name of an input has a line break")
                }
                guard source.name != checkpoint else { throw UsageError("--checkpoint: \(checkpoint) is an input") }
            }
        }
        if follow, sources.last == .standardInput {
            throw UsageError("--follow needs a file or FIFO by its name: standard input ends with its writer")
        }
    }
}
