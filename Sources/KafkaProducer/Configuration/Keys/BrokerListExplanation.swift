// SPDX-License-Identifier: Apache-2.0

/// What to write instead of a `bootstrap.servers` that is wrong.
enum BrokerListExplanation {
    /// What is wrong with a list of brokers whose listeners are of another protocol than the connections; nil when none is.
    static func text(_ list: [String], for security: SecurityProtocol) -> String? {
        for entry in list {
            guard let name = BootstrapServer.protocolName(entry)?.uppercased(), name != security.rawValue,
                SecurityProtocol(rawValue: name) != nil
            else { continue }
            return "\"\(entry)\" is a listener of \(name), and security.protocol is \(security.rawValue); set "
                + "security.protocol=\(name), or write HOST:PORT"
        }
        return nil
    }

    /// What is wrong with a list of brokers: its first entry that is none; nil when the list can be used.
    static func text(_ text: String) -> String? {
        let list = text.trimmedAsJava
        guard !list.isEmpty else { return "there is no broker in it: write HOST:PORT" }
        let entries = list.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmedAsJava }
        if entries.contains("") {
            return "\"\(list)\" has a comma too many: write HOST:PORT,HOST:PORT, and no blank on the command line"
        }
        return entries.lazy.compactMap(server).first
    }

    /// What is wrong with one entry; nil when it can be used.
    private static func server(_ entry: String) -> String? {
        if let name = BootstrapServer.protocolName(entry), !name.isEmpty,
            SecurityProtocol(rawValue: name.uppercased()) == nil
        {
            return "\"\(entry)\" names \(name)://, which is no security protocol; write HOST:PORT, and set "
                + "security.protocol to SSL or SASL_SSL for a listener that encrypts"
        }
        do throws(BootstrapServer.ParsingError) {
            let server = try BootstrapServer(entry)
            if server.port == 0 { return "\"\(entry)\" has port 0, where nothing listens; Kafka's is mostly 9092" }
            return server.isHostPlausible ? nil : address(entry)
        } catch {
            switch error {
            case .invalidPort: return "\"\(entry)\" has a port above 65535"
            case .notAnAddress, .otherProtocol: return address(entry)
            }
        }
    }

    /// What is wrong with the form of an entry.
    private static func address(_ entry: String) -> String {
        if entry.contains(";") { return "\"\(entry)\" has a semicolon: write commas between brokers" }
        if entry.contains(where: \.isWhitespace) { return "\"\(entry)\" has a blank: write commas between brokers" }
        if entry.contains("/") { return "\"\(entry)\" is not HOST:PORT: a broker has no path" }
        if entry.hasPrefix("["), entry.hasSuffix("]") { return "\"\(entry)\" has no port: write \(entry):9092" }
        let colons = entry.count { $0 == ":" }
        if colons > 1, !entry.hasPrefix("[") {
            return "\"\(entry)\" is not HOST:PORT: write an IPv6 address in brackets, as in [::1]:9092"
        }
        let host = entry.hasSuffix(":") ? String(entry.dropLast()) : entry
        if colons == 0 || entry.hasSuffix(":") { return "\"\(entry)\" has no port: write \(host):9092" }
        return "\"\(entry)\" is not HOST:PORT"
    }
}
