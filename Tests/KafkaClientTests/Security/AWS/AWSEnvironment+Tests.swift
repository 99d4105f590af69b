// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

@testable import KafkaClient

extension AWSEnvironment {
    /// The time of the tests: 2026-01-02T03:04:05Z.
    static let start = AWSTime(seconds: 1_767_323_045)

    /// An environment with these variables alone, in which the time stands still, pauses are over at once, and HTTP is
    /// refused unless it is told otherwise.
    static func forTests(
        _ variables: [String: String] = [:],
        clock: HandClock = HandClock(),
        ask: (@Sendable (HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer)? = nil
    ) -> AWSEnvironment {
        var environment = AWSEnvironment(variables: variables)
        environment.now = { clock.now }
        environment.pause = { _ in }
        environment.ask = { request, _ throws(HTTPFailure) in
            guard let ask else { throw HTTPFailure(.connecting, "connection refused") }
            return try await ask(request)
        }
        return environment
    }
}

extension HTTPAnswer {
    /// An answer with a text.
    static func text(_ status: Int, _ text: String) -> HTTPAnswer {
        var answer = HTTPAnswer(status: status, headers: [:])
        answer.body = Array(text.utf8)
        return answer
    }
}

/// A time that tests move on.
final class HandClock: Sendable {
    private let time = Mutex(AWSEnvironment.start)

    var now: AWSTime { time.withLock { $0 } }

    func advance(_ seconds: Int64) { time.withLock { $0 = $0 + seconds } }
}

/// A folder with files, which ends with its last use.
final class FolderOfFiles: Sendable {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("kafka-client-\(UUID().uuidString)")
        path = url.path
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in files { try write(name, text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        let file = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}
