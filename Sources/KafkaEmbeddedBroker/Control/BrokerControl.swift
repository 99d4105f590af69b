// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Platform

/// The other end of a running broker's control socket.
public enum BrokerControl {
    /// Bytes of the longest path that the system can take for a socket.
    public static let longestPath = 103

    /// Asks a running broker to do something.
    ///
    /// - Parameters:
    ///   - command: Words such as `stop 2`; docs/faults.md has them all.
    ///   - path: Its control socket.
    /// - Throws: `cannotListen` when there is no such broker, `invalidConfiguration` when it refuses.
    /// - Returns: What it has to say; mostly nothing.
    public static func send(_ command: String, to path: String) async throws(EmbeddedBrokerError) -> String {
        let answer: String
        do {
            answer = try await exchange(command, path)
        } catch {
            throw EmbeddedBrokerError(
                .cannotListen,
                "no broker listens at \(path): \(ListeningFailure(error)). Start one, or name its socket with --control, "
                    + "--data-dir or --port"
            )
        }
        if answer.hasPrefix("ok\n") { return String(answer.dropFirst(3)) }
        let reason = answer.hasPrefix("error ") ? answer.dropFirst(6) : "it has not answered"
        throw EmbeddedBrokerError(.invalidConfiguration, reason.split(separator: "\n").joined(separator: " "))
    }

    private static func exchange(_ command: String, _ path: String) async throws -> String {
        let line = command.split(whereSeparator: \.isNewline).joined(separator: " ") + "\n"
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: line))
            var answer = ByteBuffer()
            for try await var bytes in inbound { answer.writeBuffer(&bytes) }
            return String(buffer: answer)
        }
    }

    /// Makes the folder of a control socket that only its owner can use.
    ///
    /// - Parameter path: The folder; the one above it is there.
    /// - Throws: When it cannot be made, or belongs to somebody else or lets others in.
    public static func makePrivateFolder(_ path: String) throws(EmbeddedBrokerError) {
        if unsafe mkdir(path, 0o700) == 0 { return }
        var status = stat()
        guard errno == EEXIST, unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == geteuid(), status.st_mode & 0o077 == 0
        else {
            throw EmbeddedBrokerError(
                .cannotListen,
                "\(path) cannot hold the broker's control socket: it must be a folder that only you can use"
            )
        }
    }
}
