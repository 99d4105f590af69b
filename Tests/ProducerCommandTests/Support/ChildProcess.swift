// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// A program under test, or a peer of one: it is fed, listened to, signalled and always reaped.
///
/// Nothing here sleeps or polls a clock: a test waits for a line or for the end. A child that outlives its time limit
/// is killed, and whoever waits for it gets an error with all it printed. A child that a test forgets is killed when the
/// last reference to it goes.
final class ChildProcess: Sendable {
    /// The two streams that a child prints to.
    enum Stream: Sendable {
        case output
        case error
    }

    /// The name to use in messages: the program's file name.
    let name: String
    private let record: ChildProcessRecord
    private let input: ChildProcessInput

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - executable: The program's path.
    ///   - arguments: What follows its name.
    ///   - input: Where its stdin comes from; default `/dev/null`.
    ///   - output: Where its stdout goes; default collected.
    ///   - error: Where its stderr goes; default collected.
    ///   - environment: Variables to set beside the inherited ones; an empty value removes one.
    ///   - directory: Its working directory; default the test's own.
    ///   - limit: How long it may live before it is killed.
    /// - Throws: `HarnessError` when it cannot be started.
    init(
        _ executable: String,
        _ arguments: [String],
        input: ChildProcessInput.Source = .nothing,
        output: ChildProcessOutput = .collected,
        error: ChildProcessOutput = .collected,
        environment: [String: String] = [:],
        directory: String? = nil,
        limit: Duration = .seconds(60)
    ) throws {
        self.name = URL(fileURLWithPath: executable).lastPathComponent
        var spawning = Spawning()
        self.input = try ChildProcessInput(source: input, spawning: &spawning)
        let outputDescriptor = try spawning.connect(output, to: 1)
        let errorDescriptor = try spawning.connect(error, to: 2)
        let identifier = try spawning.start(executable, arguments, environment: environment, directory: directory)
        let record = ChildProcessRecord(identifier: identifier)
        self.record = record
        self.input.begin()
        Thread.detachNewThread { record.follow(output: outputDescriptor, error: errorDescriptor) }
        let milliseconds = Int(limit / .milliseconds(1))
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [weak self] in
            self?.record.limitReached()
        }
    }

    deinit {
        record.signal(SIGKILL)
        input.close()
    }

    /// Queues bytes for the child's stdin, which must have been opened with `.open`.
    func write(_ bytes: [UInt8]) { input.write(bytes) }

    /// Queues text for the child's stdin, which must have been opened with `.open`.
    func write(_ text: String) { input.write(Array(text.utf8)) }

    /// Ends the child's stdin after what was queued for it.
    func closeInput() { input.close() }

    /// Sends a signal, unless the child has ended.
    func signal(_ number: Int32) { record.signal(number) }

    /// The most memory that the child held so far, in bytes; nil when it has ended. To be asked before the end, such as with
    /// stdin still open after a line that tells of progress.
    func peakResidentBytes() -> Int? { record.peakResidentBytes() }

    /// Bounds the files that the child writes from now on: bytes, or `unlimited`. As with a disk that is full no write goes beyond.
    func limitFileSize(_ limit: String) async throws {
        let finished = try await Self.run("/usr/bin/prlimit", ["--pid", "\(record.identifier)", "--fsize=\(limit):"])
        guard finished.status == 0 else { throw HarnessError("prlimit: \(finished.description)") }
    }

    /// The next line that was not taken yet, without its newline.
    ///
    /// - Throws: `HarnessError` when the child ended, or was killed at its limit, without one.
    func nextLine(of stream: Stream = .output) async throws -> String {
        if let line = await record.line(of: stream) { return line }
        throw HarnessError("\(name) ended without another line: \(try await finish().description)")
    }

    /// Reads on until a line that fits, and returns it.
    ///
    /// - Throws: `HarnessError` when the child ended, or was killed at its limit, without one.
    func line(of stream: Stream = .output, where fits: (String) -> Bool) async throws -> String {
        while true {
            let line = try await nextLine(of: stream)
            if fits(line) { return line }
        }
    }

    /// Waits for the child's end.
    ///
    /// - Throws: `HarnessError` when it was killed at its time limit.
    @discardableResult
    func finish() async throws -> FinishedProcess {
        let finished = await withTaskCancellationHandler {
            await record.finish()
        } onCancel: {
            record.signal(SIGKILL)
        }
        if finished.exceededLimit {
            throw HarnessError("\(name) was killed at its time limit: \(finished.description)")
        }
        return finished
    }

    /// Starts a program, waits for its end and returns what it left. The parameters are those of the initializer.
    static func run(
        _ executable: String,
        _ arguments: [String],
        input: ChildProcessInput.Source = .nothing,
        output: ChildProcessOutput = .collected,
        error: ChildProcessOutput = .collected,
        environment: [String: String] = [:],
        directory: String? = nil,
        limit: Duration = .seconds(60)
    ) async throws -> FinishedProcess {
        let child = try ChildProcess(
            executable,
            arguments,
            input: input,
            output: output,
            error: error,
            environment: environment,
            directory: directory,
            limit: limit
        )
        return try await child.finish()
    }
}
