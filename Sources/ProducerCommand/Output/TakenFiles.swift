// SPDX-License-Identifier: Apache-2.0

/// Which files a run uses already, and what for: an output may be none of them, by whatever name.
struct TakenFiles {
    private var uses: [OpenOutput.Identity: String] = [:]

    /// Opens an output that is no file in use, and takes it for what `use` says. What was made in vain is removed.
    mutating func open(
        _ destination: OutputDestination,
        isLines: Bool,
        of option: String,
        as use: String,
        _ console: Console
    ) throws(UsageError) -> OpenOutput {
        let output = try OpenOutput(opening: destination, of: option) { console.notice($0) }
        do throws(UsageError) {
            try take(output.identity, name: destination.name, of: option, as: use)
        } catch {
            output.close()
            throw error
        }
        if isLines { output.endTornLine() }
        return output
    }

    /// Takes a file that is to be written; throws when it is in use.
    mutating func take(
        _ identity: OpenOutput.Identity?,
        name: String,
        of option: String,
        as use: String
    ) throws(UsageError) {
        guard let identity else { return }
        if let other = uses[identity] { throw UsageError("\(option): \(name) is \(other); name another file") }
        uses[identity] = use
    }

    /// Notes an input.
    mutating func reads(_ source: InputSource) {
        if let identity = OpenOutput.identity(of: source) { uses[identity] = "the input \(source.name)" }
    }

    /// Notes what is open already for what `use` says.
    mutating func uses(_ identity: OpenOutput.Identity, as use: String) { uses[identity] = use }

    /// Notes a file that is in use for what `use` says, if it is there.
    mutating func uses(_ path: String, as use: String) {
        if let identity = OpenOutput.identity(of: .file(path)) { uses[identity] = use }
    }
}
