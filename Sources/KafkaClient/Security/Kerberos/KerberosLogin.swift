// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Logs in by Kerberos, with a ticket of a cache or with a keytab.
///
/// With a keytab the library gets new tickets by itself; they stay in the memory of this process. A cache is read again
/// for each login, and its tickets are renewed as far as they can be.
package final class KerberosLogin: ClientLogin {
    /// GSSAPI.
    package var mechanism: SASLMechanismName { .gssapi }
    /// The principal, if the options name it, and else once it is known.
    package var user: String? { state.withLock { $0.principal } }
    /// What to tell the user at the start.
    package var notes: [String] { options.notes }

    private struct State {
        var principal: String?
        var renewing: Task<Void, Never>?
        var isClosed = false
        var observer: (@Sendable (LoginNews) -> Void)?
        /// Whether the ticket could not be renewed the last time.
        var isFailing = false
    }

    private struct Found: ~Copyable {
        let credential: GSSHandle
        let place: KerberosCredentials
        let principal: String
        /// In seconds; nil for ever.
        let lifetime: UInt32?
    }

    private let options: KerberosOptions
    private let renewal: KerberosRenewal
    private let libraryName: String
    private let state: Mutex<State>
    /// A name of its own for the tickets that are kept in memory.
    private let memory: String

    private static let count = Atomic<Int>(0)

    /// Reads the options of `sasl.jaas.config`. Nothing is looked up yet, and the library is not opened.
    ///
    /// - Parameters:
    ///   - options: The options of `com.sun.security.auth.module.Krb5LoginModule`: `useKeyTab`, `keyTab`, `principal`,
    ///     `useTicketCache`, `ticketCache`, `serviceName`; `storeKey`, `doNotPrompt` and others change nothing.
    ///   - serviceName: Kafka's `sasl.kerberos.service.name`.
    ///   - renewal: Kafka's other settings `sasl.kerberos.*`.
    ///   - environment: The environment's variables, of which `KRB5_KTNAME` may name the keytab.
    /// - Throws: When the options do not say where a ticket comes from, or for whom it is, with Java's words where it has
    ///   some.
    package convenience init(
        options: [String: Secret],
        serviceName: String?,
        renewal: KerberosRenewal = KerberosRenewal(),
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(SecurityRefusal) {
        let read = try KerberosOptions(options, serviceName: serviceName, environment: environment)
        self.init(read, renewal: renewal)
    }

    init(_ options: KerberosOptions, renewal: KerberosRenewal, libraryName: String = GSSLibrary.fileName) {
        self.options = options
        self.renewal = renewal
        self.libraryName = libraryName
        memory = "kafka-producer-\(Self.count.add(1, ordering: .relaxed).newValue)"
        state = Mutex(State(principal: options.credentials.lazy.compactMap(\.principal).first))
    }

    package func observe(by observer: @escaping @Sendable (LoginNews) -> Void) {
        state.withLock { $0.observer = observer }
    }

    /// Looks for a ticket, and begins to renew the tickets of a cache.
    package func prepare() async throws(LoginError) {
        let found = try await blocking { () throws(LoginError) in
            let found = try self.acquire()
            self.state.withLock { $0.principal = found.principal }
            return found.place
        }
        guard case .cache(let path, _) = found else { return }
        let isIdle = state.withLock { $0.renewing == nil && !$0.isClosed }
        guard isIdle else { return }
        // `close` ends it.
        let task = Task { [weak self] in
            var failure: LoginError?
            while let pause = await self?.nextPause() {
                self?.report(failure, retryIn: pause)
                guard (try? await Task.sleep(for: pause)) != nil else { return }
                failure = await self?.renew(path)
            }
        }
        let isLate = state.withLock { state in
            if !state.isClosed { state.renewing = task }
            return state.isClosed
        }
        if isLate { task.cancel() }
    }

    package func begin(host: String) async throws(LoginError) -> any SASLMechanism {
        try await blocking { () throws(LoginError) in
            let found = try self.acquire()
            let place = found.place
            let service = "\(self.options.serviceName)@\(host)"
            do throws(GSSFault) {
                let library = try self.library()
                let target = try library.name(service, .service)
                let session = KerberosSession(library, credential: found.credential, target: target)
                return GSSAPIMechanism(session, first: try session.step([]))
            } catch {
                throw LoginError(
                    "\(place.words) for \(self.options.serviceName)/\(ForeignText.shown(host)): \(error)",
                    isRetriable: error.isPassing
                )
            }
        }
    }

    /// Renews no more.
    package func close() {
        let task = state.withLock { state in
            state.isClosed = true
            state.observer = nil
            return state.renewing.take()
        }
        task?.cancel()
    }

    // MARK: The library

    private func library() throws(GSSFault) -> GSSLibrary {
        libraryName == GSSLibrary.fileName ? try GSSLibrary.shared.get() : try GSSLibrary(libraryName)
    }

    /// Credentials of the first place that has some.
    private func acquire() throws(LoginError) -> Found {
        var words: [String] = []
        var isPassing = false
        for place in options.credentials {
            do throws(GSSFault) {
                let library = try library()
                let name =
                    if let principal = place.principal { try library.name(principal, .principal) } else {
                        library.noName()
                    }
                let handle = try library.credential(of: name, store: place.store(memory: memory))
                // Tickets are not looked at before they are asked for.
                let (principal, lifetime) = try library.inquire(handle)
                return Found(credential: handle, place: place, principal: principal, lifetime: lifetime)
            } catch {
                words.append("\(place.words): \(error)")
                isPassing = isPassing || error.isPassing
            }
        }
        throw LoginError(words.joined(separator: "; "), isRetriable: isPassing)
    }

    private func blocking<Value: Sendable>(
        _ body: @escaping @Sendable () throws(LoginError) -> Value
    ) async throws(LoginError) -> Value {
        let result: Result<Value, LoginError> = await withCheckedContinuation { continuation in
            // Not on a thread of Swift's own: the library asks servers and waits.
            DispatchQueue.global().async { continuation.resume(returning: Result(catching: body)) }
        }
        return try result.get()
    }

    // MARK: Renewing

    /// How long to wait before the ticket is renewed; nil when nobody wants it any more.
    private func nextPause() async -> Duration? {
        guard !state.withLock({ $0.isClosed }) else { return nil }
        let lifetime = try? await blocking { () throws(LoginError) -> UInt32? in
            try self.acquire().lifetime
        }
        return renewal.pause(lifetime: lifetime ?? nil, random: Double.random(in: 0...1))
    }

    /// Renews the ticket of a cache.
    ///
    /// - Returns: why it could not be renewed, or nil.
    private func renew(_ cache: String?) async -> LoginError? {
        let command = renewal.shellCommand(cache: cache)
        do throws(LoginError) {
            try await blocking { () throws(LoginError) in
                do throws(ShellCommand.Failure) {
                    _ = try ShellCommand.run(command)
                } catch {
                    throw LoginError("sasl.kerberos.kinit.cmd: \(error)", isRetriable: true)
                }
            }
        } catch {
            return error
        }
        return nil
    }

    /// Reports that the ticket could not be renewed, or could after it had not.
    private func report(_ failure: LoginError?, retryIn pause: Duration) {
        let (observer, wasFailing) = state.withLock { state in
            defer { state.isFailing = failure != nil }
            return (state.observer, state.isFailing)
        }
        if let failure {
            observer?(.refreshFailed(reason: failure.reason, retryIn: pause))
        } else if wasFailing {
            observer?(.refreshed)
        }
    }
}
