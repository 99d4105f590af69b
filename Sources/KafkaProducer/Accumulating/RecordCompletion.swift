// SPDX-License-Identifier: Apache-2.0

/// What to do when one record, sent by itself, has been delivered or has failed.
typealias RecordCompletion = @Sendable (Result<RecordMetadata, ProducerError>) -> Void
