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

    /// Lets this process take at most so many bytes more than it has now, and returns what notes are written with. A trial
    /// may begin more than once in a process: it is the soft limit that is set, which any user may raise again.
    public func begin(memory: Int = 256 << 20) throws -> Note {
        #if os(Linux)
            let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ").first
            let present = (pages.flatMap { Int($0) } ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
            let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
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
