// SPDX-License-Identifier: Apache-2.0

/// How host names become addresses: Kafka's `client.dns.lookup`.
public enum DNSLookup: String, Sendable, Hashable {
    /// All addresses of a name are tried in turn.
    case useAllDNSIPs = "use_all_dns_ips"
    /// Bootstrap names are first expanded to the canonical names of all their addresses.
    case resolveCanonicalBootstrapServersOnly = "resolve_canonical_bootstrap_servers_only"
}
