// SPDX-License-Identifier: Apache-2.0
import Dispatch
import NIOCore

/// Asks the system for all addresses of a host.
enum NameLookup {
    /// What the system says: addresses as text, or why there are none.
    enum Answer: Sendable {
        case addresses([String])
        case failure(String)
    }

    /// All addresses of a host, each once, in the system's order.
    static func addresses(of host: String) async -> Answer {
        await withCheckedContinuation { continuation in
            // It blocks for as long as name servers take.
            DispatchQueue.global().async { continuation.resume(returning: lookUp(host)) }
        }
    }

    private static func lookUp(_ host: String) -> Answer {
        do throws(SystemResolver.UnknownHost) {
            return .addresses(
                try SystemResolver.addresses(of: host).compactMap { SystemResolver.name(of: $0, isNumeric: true) }
            )
        } catch {
            return .failure(error.reason)
        }
    }
}
