// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// What goes wrong with one login.
struct LoginFaults: Hashable {
    /// What goes wrong in SCRAM.
    var scram = ScramServer.Faults()
    /// The error that the client gets though its password is right.
    var refusal: ErrorCode?
    /// How long the login holds, in place of the broker's lifetime and a token's.
    var lifetime: Duration?
    /// When the login ends though the client is told of another time, or of none.
    var silentEnd: Duration?
}
