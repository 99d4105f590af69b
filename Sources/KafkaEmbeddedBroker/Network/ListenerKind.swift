// SPDX-License-Identifier: Apache-2.0

/// Which of a broker's listeners a client connected to. Each one tells its clients its own addresses.
enum ListenerKind: Hashable {
    /// The listener with all that `security` asks for.
    case main
    /// The further listener, in plain text and without a login.
    case plaintext
}
