// SPDX-License-Identifier: Apache-2.0
import Foundation
import NIOCore

/// The system's resolver, which knows the system's hosts file, name servers and search domains. Every question blocks for as long
/// as these take.
enum SystemResolver {
    /// There are no addresses, or none can be had now.
    struct UnknownHost: Error, Equatable {
        /// Why, in the system's words.
        let reason: String
    }

    /// Asks for all addresses of a host.
    ///
    /// - Parameters:
    ///   - host: A name, or an address as text.
    ///   - port: The port that the addresses get.
    /// - Returns: each once, in the system's order; at least one.
    /// - Throws: ``UnknownHost`` when there are none.
    static func addresses(of host: String, port: Int = 0) throws(UnknownHost) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_protocol = Int32(IPPROTO_TCP)
        var first: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, String(port), &hints, &first)
        guard status == 0 else { throw UnknownHost(reason: unsafe String(cString: gai_strerror(status))) }
        defer { unsafe freeaddrinfo(first) }
        var found: [SocketAddress] = []
        var next = unsafe first
        while let entry = unsafe next {
            unsafe next = entry.pointee.ai_next
            guard let address = unsafe entry.pointee.ai_addr,
                let address = unsafe socketAddress(UnsafeRawPointer(address), entry.pointee.ai_family, host),
                !found.contains(address)
            else { continue }
            found.append(address)
        }
        guard !found.isEmpty else { throw UnknownHost(reason: "the name has no address") }
        return found
    }

    private static func socketAddress(_ address: UnsafeRawPointer, _ family: Int32, _ host: String) -> SocketAddress? {
        switch family {
        case AF_INET: unsafe SocketAddress(address.loadUnaligned(as: sockaddr_in.self), host: host)
        case AF_INET6: unsafe SocketAddress(address.loadUnaligned(as: sockaddr_in6.self), host: host)
        default: nil
        }
    }

    /// The name that an address resolves back to; or the address as text, with its zone if it has one, when it is to be
    /// `numeric` or has no name. Nil when the system cannot say.
    static func name(of address: SocketAddress, isNumeric: Bool) -> String? {
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let count = socklen_t(name.count)
        let status = unsafe address.withSockAddr { address, size in
            unsafe getnameinfo(address, socklen_t(size), &name, count, nil, 0, isNumeric ? NI_NUMERICHOST : 0)
        }
        guard status == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
