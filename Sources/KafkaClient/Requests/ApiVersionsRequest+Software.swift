// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

extension ApiVersionsRequest {
    /// Asks which versions the broker speaks, and names the software that asks (KIP-511).
    init(_ software: (name: String, version: String)) {
        self.init(clientSoftwareName: software.name, clientSoftwareVersion: software.version)
    }
}
