// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Foundation
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
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, nil, &hints, &first)
        guard status == 0 else { return .failure(unsafe String(cString: gai_strerror(status))) }
        defer { unsafe freeaddrinfo(first) }
        var found: [String] = []
        var next = unsafe first
        while let entry = unsafe next {
            if let text = unsafe text(of: entry.pointee), !found.contains(text) { found.append(text) }
            unsafe next = entry.pointee.ai_next
        }
        return found.isEmpty ? .failure("the name has no address") : .addresses(found)
    }

    private static func text(of entry: addrinfo) -> String? {
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let count = socklen_t(name.count)
        let status = unsafe getnameinfo(entry.ai_addr, entry.ai_addrlen, &name, count, nil, 0, NI_NUMERICHOST)
        guard status == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
