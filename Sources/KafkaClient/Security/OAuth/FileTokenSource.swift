// SPDX-License-Identifier: Apache-2.0

/// Tokens from a file that somebody else keeps fresh.
struct FileTokenSource: TokenSource {
    private let file: WatchedFile<BearerToken>

    /// A file, which is read again when it was written anew.
    init(path: String, check: TokenCheck) {
        file = WatchedFile(path) { bytes throws(TokenFault) in try check.token(String(decoding: bytes, as: UTF8.self)) }
    }

    func token() async throws(LoginError) -> BearerToken {
        do throws(TokenFault) {
            return try file.value()
        } catch {
            throw LoginError("token file \(file.path): \(error.reason)", isRetriable: true)
        }
    }
}
