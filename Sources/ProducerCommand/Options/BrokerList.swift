// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The brokers that `-b` names, as far as the shell may have torn them apart.
enum BrokerList {
    /// Throws when one of the files that follow is a broker behind a blank, as in `-b a:9092, b:9092`.
    static func check(_ servers: String?, files: [String], _ names: TypedNames) throws(UsageError) {
        guard let servers else { return }
        let stray = files.first { file in
            guard let server = try? BootstrapServer(file), !server.host.isEmpty, !file.hasPrefix(":") else {
                return false
            }
            return ProcessEnvironment().kind(ofPath: file) == nil
        }
        guard let stray else { return }
        let list = servers.hasSuffix(",") ? servers + stray : servers + "," + stray
        throw UsageError(
            "\"\(stray)\" looks like a broker and is no file: write \(names.name(of: "-b")) \(list), without a blank"
        )
    }
}
