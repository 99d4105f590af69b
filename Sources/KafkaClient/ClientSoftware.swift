// SPDX-License-Identifier: Apache-2.0

/// What this software calls itself: brokers count their clients by it, and the command prints the version.
public enum ClientSoftware {
    /// The name that brokers get.
    public static let name = "kafka-producer-swift"
    /// The version that brokers get.
    public static let version = "0.1.0"
}
