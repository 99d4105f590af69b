// SPDX-License-Identifier: Apache-2.0

/// Kafka's error codes by the exception that the Java client (4.1) makes of them.
enum ErrorTaxonomy {
    /// An `InvalidMetadataException`: tried again, and metadata asked for anew.
    static let invalidatesMetadata: Set<Int16> = [3, 5, 6, 9, 13, 56, 72, 74, 80, 83, 84, 100, 103]

    /// Another `RetriableException`: tried again.
    static let retriable: Set<Int16> = [2, 7, 14, 15, 16, 19, 20, 41, 51, 70, 71, 75, 78, 88, 89, 106, 122, 123, 133]

    /// Codes with a meaning of their own in a produce response: none, too large, and those about sequences.
    static let special: Set<Int16> = [0, 10, 45, 46, 59]
}
