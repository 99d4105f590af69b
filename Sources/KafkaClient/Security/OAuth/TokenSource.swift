// SPDX-License-Identifier: Apache-2.0

/// Where the tokens of a login are from.
package protocol TokenSource: Sendable {
    /// Gets a token, anew if there is a newer one.
    ///
    /// - Returns: A token.
    /// - Throws: When there is none. The source has tried again itself before, as often as makes sense.
    func token() async throws(LoginError) -> BearerToken
}
