// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// A broker's name as it was connected to: a host's name, or an IP address.
struct ServerName: Sendable, Equatable {
    /// As a person writes it.
    let text: String
    /// A host's name, without the dot of the root; nil for an address.
    let dnsName: String?
    /// An IP address, without brackets; nil for a name.
    let address: String?

    init(_ host: String) {
        text = host
        var bare = host[...]
        if bare.hasPrefix("["), bare.hasSuffix("]") { bare = bare.dropFirst().dropLast() }
        // A zone, as in fe80::1%eth0, is this machine's own affair.
        let plain = bare.split(separator: "%", maxSplits: 1).first.map(String.init) ?? String(bare)
        if (try? SocketAddress(ipAddress: plain, port: 0)) != nil {
            (dnsName, address) = (nil, plain)
        } else {
            (dnsName, address) = (bare.hasSuffix(".") ? String(bare.dropLast()) : String(bare), nil)
        }
    }
}
