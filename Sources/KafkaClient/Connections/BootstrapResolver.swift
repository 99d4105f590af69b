// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Expands `bootstrap.servers` to the canonical names behind them, for
/// `client.dns.lookup=resolve_canonical_bootstrap_servers_only`.
package enum BootstrapResolver {
    /// One entry for every address behind every server, by the name that the address resolves back to.
    ///
    /// Blocks on the resolver. A server that does not resolve stays as it is.
    package static func canonicalServers(_ servers: [BrokerAddress]) -> [BrokerAddress] {
        var result: [BrokerAddress] = []
        for server in servers {
            let names = canonicalNames(of: server.host)
            for name in names.isEmpty ? [server.host] : names {
                let expanded = BrokerAddress(nodeID: nil, host: name, port: server.port)
                if !result.contains(expanded) { result.append(expanded) }
            }
        }
        return result
    }

    private static func canonicalNames(of host: String) -> [String] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { unsafe freeaddrinfo(first) }
        var names: [String] = []
        var next = unsafe first
        while let entry = unsafe next {
            if let name = unsafe canonicalName(of: entry.pointee) { names.append(name) }
            unsafe next = entry.pointee.ai_next
        }
        return names
    }

    private static func canonicalName(of entry: addrinfo) -> String? {
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = unsafe getnameinfo(entry.ai_addr, entry.ai_addrlen, &name, socklen_t(name.count), nil, 0, 0)
        guard status == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
