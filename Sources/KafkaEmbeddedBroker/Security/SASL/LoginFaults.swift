// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// What goes wrong with one login.
struct LoginFaults: Equatable {
    /// What goes wrong in SCRAM.
    var scram = ScramServer.Faults()
    /// The error that the client gets though its password is right.
    var refusal: ErrorCode?
    /// How long the login holds, in place of the broker's lifetime and a token's.
    var lifetime: Duration?
}
