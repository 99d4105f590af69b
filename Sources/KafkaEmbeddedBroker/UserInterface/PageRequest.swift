// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOHTTP1

/// What a request to the page asks for: a value without I/O that decides.
enum PageRequest: Equatable {
    /// The page itself.
    case page
    /// What it shows: all of the cluster, or one topic.
    case state(topic: String?)
    /// Nothing that there is.
    case refused(HTTPResponseStatus, String)

    /// Bytes of the longest request.
    static let largest = 16 * 1024

    /// - Parameters:
    ///   - head: The request's line and headers.
    ///   - hosts: The names by which the page may be asked for, beside numbers and `localhost`.
    init(_ head: HTTPRequestHead, hosts: Set<String>) {
        if let refusal = Self.refusal(ofHost: head.headers["host"], hosts) {
            self = refusal
            return
        }
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count > 1 ? parts[1] : ""
        switch parts[0] {
        case "/": self = .page
        case "/api/state":
            let topic = query.split(separator: "&").first { $0.hasPrefix("topic=") }?.dropFirst("topic=".count)
            self = .state(topic: topic.map(String.init))
        default:
            self = .refused(.notFound, "there is nothing here; the page is at /")
            return
        }
        guard head.method == .GET || head.method == .HEAD else {
            self = .refused(.methodNotAllowed, "only GET and HEAD are answered")
            return
        }
    }

    /// A page of somebody else whose name leads to this machine must not read what is here. A number, and `localhost`, lead nowhere
    /// else than they say.
    private static func refusal(ofHost values: [String], _ hosts: Set<String>) -> PageRequest? {
        guard values.count == 1, let value = values.first else {
            return .refused(.badRequest, "a request needs one Host header")
        }
        let host = name(in: value)
        if host == "localhost" || hosts.contains(host) || isNumber(host) { return nil }
        return .refused(.forbidden, "the page is not known by this name: ask for it by its address")
    }

    /// The host without the port, in small letters.
    private static func name(in value: String) -> String {
        guard value.hasPrefix("[") else {
            return String(value.prefix { $0 != ":" }).lowercased()
        }
        return String(value.dropFirst().prefix { $0 != "]" }).lowercased()
    }

    private static func isNumber(_ host: String) -> Bool {
        (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }
}
