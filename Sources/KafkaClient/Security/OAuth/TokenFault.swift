// SPDX-License-Identifier: Apache-2.0

/// Why a token, or something that tokens are made of, cannot be used: the end of a sentence that says where it is from.
/// Nothing of it is shown.
struct TokenFault: Error, Equatable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
