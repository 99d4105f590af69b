// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

extension Console {
    /// Ends a command with the status that `run` comes to. A command line that cannot be used is reported, and where help is.
    ///
    /// - Throws: `ExitCode`, always: that is how the argument parser gets the status.
    func end(with run: () async throws(UsageError) -> ExitStatus) async throws {
        let status: ExitStatus
        do throws(UsageError) {
            status = try await run()
        } catch {
            self.error("\(error)")
            notice(HelpText.hint)
            status = .usage
        }
        throw ExitCode(status.code)
    }
}
