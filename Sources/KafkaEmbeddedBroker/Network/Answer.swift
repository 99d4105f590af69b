// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// What a connection does after a request was served.
enum Answer {
    /// Send a frame, given in pieces so that records need not be copied.
    case send([ByteBuffer])
    /// Send bytes at once, and go on with what comes later; requests behind this one wait.
    case sendPart([ByteBuffer], then: DeferredAnswer)
    /// Send nothing: the client asked for no answer.
    case silence
    /// Send something later; requests behind this one wait.
    case later(DeferredAnswer)
    /// Close the connection, and why.
    case close(reason: String)
}
