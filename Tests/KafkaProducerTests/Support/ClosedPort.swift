// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// A port of 127.0.0.1 that nobody listens on, nor can, until this is released: connections to it are refused.
final class ClosedPort: Sendable {
    let port: Int
    private let descriptor: Mutex<Int32?>

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, size) == 0 && getsockname(descriptor, address, &size) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileReadUnknown) }
        port = Int(UInt16(bigEndian: address.sin_port))
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    /// Lets others listen on it.
    func release() {
        let descriptor = descriptor.withLock { $0.take() }
        if let descriptor { close(descriptor) }
    }
}
