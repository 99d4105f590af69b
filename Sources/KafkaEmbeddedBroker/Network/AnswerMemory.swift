// SPDX-License-Identifier: Apache-2.0

/// What large answers may take together that clients have not read yet. A Kafka broker sends records from its files as they are
/// read; here they are in memory meanwhile.
///
/// The less is left, the less records go into the next answer, in the end one batch: clients that read nothing make others slow,
/// and do not keep them from reading.
final class AnswerMemory {
    /// Bytes from which on an answer counts, and that one may always have.
    static let smallest = 64 << 10

    /// Bytes that answers may have, beside the smallest ones.
    var limit = 256 << 20
    /// Bytes of the answers that clients have not read yet.
    private(set) var held = 0

    /// Bytes of records that the next answer may have.
    var room: Int { max(Self.smallest, (limit - held) / 2) }

    /// Counts an answer that was begun to be sent.
    func hold(_ bytes: Int) { held += bytes }

    /// Forgets an answer that was sent, or whose client has gone.
    func letGo(_ bytes: Int) { held -= bytes }
}
