// SPDX-License-Identifier: Apache-2.0

/// Logs in by PLAIN: the name and the password as they are.
package struct PlainLogin: ClientLogin {
    private let username: String
    private let password: Secret

    /// PLAIN.
    package var mechanism: SASLMechanismName { .plain }
    /// The name.
    package var user: String? { username }

    /// The login of a user.
    package init(username: String, password: Secret) {
        self.username = username
        self.password = password
    }

    package func begin(host: String) async throws(LoginError) -> any SASLMechanism {
        PlainMechanism(username: username, password: password)
    }
}
