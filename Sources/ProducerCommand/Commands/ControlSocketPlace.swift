// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProducer
import Platform

/// Where the control socket of a broker is: where `--control` says, in its data directory, or by its port in a folder of the
/// user's own.
struct ControlSocketPlace {
    var path: String?
    var dataDirectory: String?
    var port: Int

    private static let name = "control.sock"

    /// The path for `broker ctl`.
    var forAsking: String {
        path ?? dataDirectory.map { "\($0)/\(Self.name)" } ?? "\(Self.privateFolder)/\(port).sock"
    }

    /// The path for the broker itself, whose folder is made; nil for a broker in memory on free ports, which nobody could name
    /// without `--control`, and where the path is too long or the folder cannot be used.
    func forListening() throws(EmbeddedBrokerError) -> String? {
        if let path { return path }
        guard forAsking.utf8.count <= BrokerControl.longestPath else { return nil }
        guard dataDirectory == nil else { return forAsking }
        guard port != 0 else { return nil }
        do throws(EmbeddedBrokerError) {
            try BrokerControl.makePrivateFolder(Self.privateFolder)
        } catch {
            return nil
        }
        return forAsking
    }

    private static var privateFolder: String {
        let given = ProcessEnvironment().variable(named: "TMPDIR") ?? ""
        let folder = given.hasPrefix("/") ? given : "/tmp"
        return "\(folder)/kafka-producer-broker-\(geteuid())"
    }
}
