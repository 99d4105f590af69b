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
            status = self.status(of: error)
        }
        throw ExitCode(status.code)
    }

    /// The same for a command that waits for nothing.
    func endNow(with run: () throws(UsageError) -> ExitStatus) throws {
        let status: ExitStatus
        do throws(UsageError) {
            status = try run()
        } catch {
            status = self.status(of: error)
        }
        throw ExitCode(status.code)
    }

    private func status(of error: UsageError) -> ExitStatus {
        self.error("\(error)")
        notice(HelpText.hint(for: Main.meant(by: Array(CommandLine.arguments.dropFirst()))))
        return .usage
    }
}
