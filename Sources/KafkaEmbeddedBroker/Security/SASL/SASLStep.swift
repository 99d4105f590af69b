// SPDX-License-Identifier: Apache-2.0

/// What a mechanism makes of a client's token.
enum SASLStep: Equatable {
    /// The client must answer this.
    case challenge([UInt8])
    /// The client is who it says; the last token goes back to it.
    case complete([UInt8], SASLIdentity)
}

/// Who has logged in.
struct SASLIdentity: Equatable {
    /// The user's name.
    let name: String
    /// When what it logged in with expires, in milliseconds since 1970; nil for never.
    var expiry: Int64?
}
