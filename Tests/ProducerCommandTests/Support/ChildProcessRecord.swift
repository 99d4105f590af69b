// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// What is known of a child so far, and who waits to know more.
///
/// A thread of its own (`follow`) reads both streams to their ends, then reaps the child. It holds this record and not
/// the `ChildProcess`, so that a forgotten child is still killed.
final class ChildProcessRecord: Sendable {
    private struct State {
        var output: [UInt8] = []
        var error: [UInt8] = []
        var outputTaken = 0
        var errorTaken = 0
        var exceededLimit = false
        var changes = 0
        var finished: FinishedProcess?
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let identifier: pid_t
    private let state = Mutex(State())

    init(identifier: pid_t) { self.identifier = identifier }

    /// Sends a signal, unless the child was reaped: then its identifier may already be another's.
    func signal(_ number: Int32) {
        state.withLock { state in
            if state.finished == nil { kill(identifier, number) }
        }
    }

    /// The most memory that the child held so far, in bytes; nil when it has ended. What `wait4` tells at the end
    /// cannot be used: it counts the memory of this process until the child's `exec`.
    func peakResidentBytes() -> Int? {
        let path = "/proc/\(identifier)/status"
        guard let status = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let words = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?
            .split(whereSeparator: \.isWhitespace)
        return words.flatMap { $0.count > 1 ? Int($0[1]) : nil }.map { $0 * 1024 }
    }

    func limitReached() {
        state.withLock { state in
            guard state.finished == nil else { return }
            state.exceededLimit = true
            kill(identifier, SIGKILL)
        }
    }

    // MARK: Waiting

    func finish() async -> FinishedProcess {
        await value { $0.finished }
    }

    /// The next whole line of a stream, or what is left of it at the end, or nil when nothing is left.
    func line(of stream: ChildProcess.Stream) async -> String? {
        await value { state -> String?? in
            let isOutput = stream == .output
            let bytes = isOutput ? state.output : state.error
            let start = isOutput ? state.outputTaken : state.errorTaken
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
            if end == nil && state.finished == nil { return nil }
            if start == bytes.count { return .some(nil) }
            let next = end.map { $0 + 1 } ?? bytes.count
            if isOutput { state.outputTaken = next } else { state.errorTaken = next }
            return String(decoding: bytes[start..<(end ?? bytes.count)], as: UTF8.self)
        }
    }

    /// Asks again after each change until there is an answer.
    private func value<Value: Sendable>(_ find: @Sendable (inout State) -> Value?) async -> Value {
        while true {
            let (found, seen) = state.withLock { state in (find(&state), state.changes) }
            if let found { return found }
            await withCheckedContinuation { continuation in
                let isLate = state.withLock { state in
                    guard state.changes == seen else { return true }
                    state.waiters.append(continuation)
                    return false
                }
                if isLate { continuation.resume() }
            }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            state.changes += 1
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    // MARK: The thread

    /// Reads both streams (-1: none) until they end, then waits for the child's exit.
    func follow(output: Int32, error: Int32) {
        var sources = [
            pollfd(fd: output, events: Int16(POLLIN), revents: 0), pollfd(fd: error, events: Int16(POLLIN), revents: 0),
        ]
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while sources.contains(where: { $0.fd >= 0 }) {
            guard unsafe poll(&sources, 2, -1) >= 0 else { continue }
            for index in sources.indices where sources[index].fd >= 0 && sources[index].revents != 0 {
                let count = unsafe read(sources[index].fd, &buffer, buffer.count)
                if count > 0 {
                    change { state in
                        if index == 0 {
                            state.output.append(contentsOf: buffer[..<count])
                        } else {
                            state.error.append(contentsOf: buffer[..<count])
                        }
                    }
                } else if count == 0 || errno != EINTR {
                    // A terminal ends with EIO, a pipe with 0.
                    close(sources[index].fd)
                    sources[index].fd = -1
                }
            }
        }
        reap()
    }

    private func reap() {
        // First wait without reaping, so that the identifier is given up only under the lock.
        var information = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        change { state in
            var status: Int32 = 0
            while unsafe waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
            let signal = status & 0x7f
            state.finished = FinishedProcess(
                status: signal == 0 ? (status >> 8) & 0xff : 128 + signal,
                output: state.output,
                error: state.error,
                exceededLimit: state.exceededLimit
            )
        }
    }
}
