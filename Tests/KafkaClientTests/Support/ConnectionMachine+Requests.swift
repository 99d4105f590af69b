// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

@testable import KafkaClient

extension InFlightRequest {
    /// A request whose end nobody waits for.
    static func test(_ apiKey: APIKey, deadline: NIODeadline = .distantFuture, isAnswered: Bool = true)
        -> InFlightRequest
    {
        var request = InFlightRequest(apiKey: apiKey, version: 7, deadline: deadline) { _, _ in nil }
        request.isAnswered = isAnswered
        return request
    }
}

extension ConnectionMachine {
    /// A request takes its place; `nil` when the connection takes none.
    mutating func requestSent(_ request: InFlightRequest, now: NIODeadline) -> Int32? {
        whenReady { $0.line.sent(request, now: now) }
    }

    /// A request was written out.
    mutating func requestWritten(correlationID: Int32) {
        whenReady { $0.line.written(correlationID: correlationID) }
    }

    /// Takes what an answer confirms.
    mutating func takeConfirmed(by answered: InFlightRequest) -> [InFlightRequest] {
        whenReady { $0.line.takeConfirmed(by: answered) } ?? []
    }

    /// Whether something was written that nothing under way is going to confirm.
    var wantsConfirmation: Bool { ifReady { $0.line.wantsConfirmation } ?? false }

    /// What client and broker both speak.
    var versions: NegotiatedVersions? { ifReady { $0.versions } }

    /// Whether a login lets requests through.
    func isOpen(now: NIODeadline) -> Bool? { ifReady { $0.isOpen(now: now) } }

    /// When the client logs in again.
    var sessionDue: NIODeadline? { ifReady { $0.session?.due } ?? nil }
}

extension ConnectionMachine {
    /// The broker answered the question for versions.
    mutating func versionsReceived(_ response: ApiVersionsResponse, now: NIODeadline) -> ConnectionSetup.Action {
        setUp(now: now) { $0.versionsReceived(response, now: now) }
    }
}

extension ConnectionSetup.Plan {
    /// Neither TLS nor a login; ApiVersions in version 4.
    static var plain: ConnectionSetup.Plan { ConnectionSetup.Plan(latestVersion: 4) }
}
