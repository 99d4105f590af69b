// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Platform

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the search for credentials depends on beside its options: variables, clock, network, programs.
package struct AWSEnvironment: Sendable {
    /// The environment's variables.
    var variables: [String: String]
    /// The time.
    var now: @Sendable () -> AWSTime
    /// Waits.
    var pause: @Sendable (Duration) async -> Void
    /// Asks by HTTP.
    var ask: @Sendable (HTTPRequest, HTTPTimeouts) async throws(HTTPFailure) -> HTTPAnswer
    /// Runs a command of the shell and returns what it prints.
    var run: @Sendable (String) async throws(AWSFault) -> [UInt8]

    /// The environment of this process, with other variables if they are given.
    package init(variables: [String: String] = ProcessInfo.processInfo.environment) {
        self.variables = variables
        now = { AWSTime(seconds: Int64(time(nil))) }
        pause = { try? await Task.sleep(for: $0) }
        ask = { request, timeouts throws(HTTPFailure) in try await Self.ask(request, timeouts) }
        run = { command throws(AWSFault) in try await Self.run(command) }
    }

    /// A variable that is set to something.
    subscript(name: String) -> String? {
        guard let value = variables[name]?.trimmingBlanks, !value.isEmpty else { return nil }
        return value
    }

    /// A path whose `~` stands for the home folder.
    func expanded(_ path: String) -> String {
        guard path.hasPrefix("~/"), let home = self["HOME"] else { return path }
        return home + path.dropFirst(1)
    }

    /// The bytes of a file, or nil when there is none.
    func file(_ path: String) throws(AWSFault) -> [UInt8]? {
        do throws(StoreFault) {
            return try StoreFile.read(path)
        } catch {
            guard unsafe access(path, F_OK) == 0 else { return nil }
            throw AWSFault(.failed, "\(path) cannot be read: \(error.reason)")
        }
    }

    /// Reading the system's CAs takes a while: only addresses of https need them.
    private static func ask(
        _ request: HTTPRequest,
        _ timeouts: HTTPTimeouts
    ) async throws(HTTPFailure) -> HTTPAnswer {
        var tls: TLSContext?
        if request.url.isSecure {
            do throws(SecurityRefusal) {
                tls = try TLSContext(TLSSettings(), to: .service)
            } catch {
                throw HTTPFailure(.tls, error.reason)
            }
        }
        return try await HTTPClient(tls: tls, timeouts: timeouts).send(request)
    }

    private static func run(_ command: String) async throws(AWSFault) -> [UInt8] {
        let result = await withCheckedContinuation { continuation in
            // A program may take its time: not on a thread of Swift's own.
            DispatchQueue.global().async {
                do throws(ShellCommand.Failure) {
                    continuation.resume(returning: Result<[UInt8], AWSFault>.success(try ShellCommand.run(command)))
                } catch {
                    continuation.resume(returning: .failure(AWSFault(.failed, error.description)))
                }
            }
        }
        return try result.get()
    }
}

extension AWSEnvironment: CustomStringConvertible, CustomReflectable {
    /// Nothing of the variables, among which there are secrets.
    package var description: String { "environment" }
    /// What `dump` shows: nothing.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension String {
    /// Without blanks, tabs and ends of lines around.
    var trimmingBlanks: String {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool {
            scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\n"
        }
        let start = unicodeScalars.drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(start[...last])
    }
}
