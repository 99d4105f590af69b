// SPDX-License-Identifier: Apache-2.0

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
        let addresses = (try? SystemResolver.addresses(of: host)) ?? []
        return addresses.compactMap { SystemResolver.name(of: $0, isNumeric: false) }
    }
}
