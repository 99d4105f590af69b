// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A run of many damaged inputs through a decoder, in a child process whose memory is limited: a trap and an allocation
/// that follows a lie both end the child, and the note it left says which input it was.
///
/// `KAFKA_PRODUCER_MUTATIONS=N` tries N times as many inputs as CI does, `KAFKA_PRODUCER_SEED=N` others.
public struct MutationTrial: Sendable {
    /// How many times more inputs than in CI.
    public static let factor = max(1, number("KAFKA_PRODUCER_MUTATIONS") ?? 1)
    /// How many times more seeds than in CI, for tests that repeat whole runs: `KAFKA_PRODUCER_SEEDS`.
    public static let seedFactor = max(1, number("KAFKA_PRODUCER_SEEDS") ?? 1)
    /// What all random numbers begin with.
    public static let seed = UInt64(number("KAFKA_PRODUCER_SEED") ?? 1)

    private let name: String

    /// A trial; its name must differ from those of all others.
    public init(_ name: String) {
        self.name = name
    }

    /// The mutator of this trial.
    public var mutator: Mutator { Mutator(seed: Self.seed) }

    // MARK: in the child

    /// Does the child's work. An error ends the child with a status of its own and in words, in the note and on stderr:
    /// thrown out of the child it would be a trap, SIGILL, like those that a trial is to find.
    public func child(_ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            let words = "\(name) failed: \(error)\n"
            let note = unsafe open(path(of: getppid()), O_WRONLY | O_CREAT | O_APPEND, 0o600)
            for descriptor in [note, STDERR_FILENO] { _ = unsafe write(descriptor, words, words.utf8.count) }
            exit(EXIT_FAILURE)
        }
    }

    /// Lets this process take at most so many bytes more than it has now, and returns what notes are written with. A trial
    /// may begin more than once in a process: it is the soft limit that is set, which any user may raise again.
    ///
    /// Memory counts when it can be written. Addresses alone do not: each thread that the system starts, the more of them
    /// the busier the machine is, keeps 64 MiB of them for its allocations, and a limit on those was met by innocent ones.
    public func begin(memory: Int = 256 << 20) throws -> Note {
        #if os(Linux)
            // The sixth number: pages of data and stack.
            let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ").dropFirst(
                5
            )
            let present = (pages.first.flatMap { Int($0) } ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
            let resource = __rlimit_resource_t(RLIMIT_DATA.rawValue)
            var limit = rlimit()
            guard unsafe getrlimit(resource, &limit) == 0 else { throw POSIXError(.EINVAL) }
            limit.rlim_cur = min(rlim_t(present + memory), limit.rlim_max)
            guard unsafe setrlimit(resource, &limit) == 0 else { throw POSIXError(.EINVAL) }
        #endif
        return Note(descriptor: unsafe open(path(of: getppid()), O_WRONLY | O_CREAT | O_TRUNC, 0o600))
    }

    /// What is left of a trial that ends before it says so.
    public struct Note: ~Copyable {
        private static let length = 160
        let descriptor: Int32

        deinit { close(descriptor) }

        /// Notes what is tried next.
        public func trying(_ input: @autoclosure () -> String) {
            var text = Array(input().utf8.prefix(Self.length))
            text += [UInt8](repeating: UInt8(ascii: " "), count: Self.length - text.count)
            _ = unsafe pwrite(descriptor, text, text.count, 0)
        }
    }

    // MARK: in the parent

    /// What the child noted last.
    public func lastNote() -> String {
        let path = path(of: getpid())
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return "seed \(Self.seed), \(text?.trimmingCharacters(in: .whitespaces) ?? "no input yet")"
    }

    /// Removes the note.
    public func end() { _ = unsafe unlink(path(of: getpid())) }

    private func path(of parent: pid_t) -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("kafka-producer-\(parent)-\(name).note").path
    }

    private static func number(_ variable: String) -> Int? {
        ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
    }
}
