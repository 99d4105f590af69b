// SPDX-License-Identifier: Apache-2.0

/// Who logs in and how, for all connections of a client.
package protocol ClientLogin: Sendable {
    /// The mechanism that brokers are asked for. Kafka's `sasl.mechanism`.
    var mechanism: SASLMechanismName { get }

    /// Who logs in, for messages: a user's name or a principal. Nil when only the login itself shows it.
    var user: String? { get }

    /// Has `observer` called, on any thread, for what becomes of the credentials from now on. There is one observer.
    func observe(by observer: @escaping @Sendable (LoginNews) -> Void)

    /// Gets what the login needs before the client begins, such as a first token.
    ///
    /// - Throws: When no login could succeed.
    func prepare() async throws(LoginError)

    /// Begins the login of one connection. Never called on an event loop; its mechanism is not used there either.
    ///
    /// - Parameter host: The broker's name as it was connected to, without the port.
    /// - Returns: The mechanism, which has not begun.
    /// - Throws: When there is nothing to log in with.
    func begin(host: String) async throws(LoginError) -> any SASLMechanism

    /// Why a broker may refuse the login, beside what it says itself; nil when nothing is known.
    var doubt: String? { get }

    /// What the time of whoever gives the credentials says of this machine's clock; nil when nobody told a time.
    var clockComparison: ClockComparison? { get }

    /// Ends what works in the background, such as the refreshing of a token. No login begins any more.
    func close()
}

extension ClientLogin {
    /// Nothing becomes of them.
    package func observe(by observer: @escaping @Sendable (LoginNews) -> Void) {}
    /// Nothing is needed.
    package func prepare() async throws(LoginError) {}
    /// Nothing is known.
    package var doubt: String? { nil }
    /// Nobody told a time.
    package var clockComparison: ClockComparison? { nil }
    /// Nothing works in the background.
    package func close() {}
}
