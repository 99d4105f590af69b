// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// What happens on an open connection until it takes requests. TCP being open is not being ready.
///
/// Today the only step is the question for versions (KIP-511). A TLS handshake has its place in front of it, and a login
/// between it and being ready: each is a step here, with its own event and its own action.
struct ConnectionSetup {
    /// What is under way.
    private enum Step {
        /// The broker was asked for its versions, in this version of the request.
        case versions(correlationID: Int32, version: Int16)
    }

    /// Attempts before this one that failed.
    let failures: Int
    /// When all of the setup must be over.
    let deadline: NIODeadline
    private var step: Step

    enum Action: Equatable {
        /// Ask for the broker's versions in this version of the request.
        case sendAPIVersions(version: Int16, correlationID: Int32)
        /// Requests may be sent, beginning with this correlation id.
        case becomeReady(firstCorrelationID: Int32)
        /// The broker cannot be used.
        case close(reason: String)
    }

    /// The TCP connection is there: the first step is the question for versions.
    init(failures: Int, deadline: NIODeadline, latestVersion: Int16) {
        self.failures = failures
        self.deadline = deadline
        step = .versions(correlationID: 0, version: latestVersion)
    }

    /// What to do first.
    var firstAction: Action {
        switch step {
        case .versions(let correlationID, let version): .sendAPIVersions(version: version, correlationID: correlationID)
        }
    }

    /// The version in which the answer with this correlation id was asked for; nil when none was.
    func versionAsked(correlationID: Int32) -> Int16? {
        switch step {
        case .versions(correlationID, let version): version
        case .versions: nil
        }
    }

    /// The broker answered which versions it speaks, or that the version of the question is too new: then it is asked
    /// again in the newest one that it names, or else in version 0 (KIP-511).
    mutating func versionsReceived(_ response: ApiVersionsResponse) -> Action {
        switch step {
        case .versions(let correlationID, let asked):
            let error = response.errorCode
            if error == .none { return .becomeReady(firstCorrelationID: correlationID &+ 1) }
            guard error == .unsupportedVersion, asked > 0 else {
                return .close(reason: "it answered ApiVersions with \(error.name)")
            }
            let newest = response.apiKeys.first { $0.apiKey == .apiVersions }?.maxVersion ?? 0
            // Each question is in an older version than the one before, so that this ends.
            let version = max(0, min(newest, asked - 1))
            step = .versions(correlationID: correlationID &+ 1, version: version)
            return .sendAPIVersions(version: version, correlationID: correlationID &+ 1)
        }
    }
}
