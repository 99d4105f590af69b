// SPDX-License-Identifier: Apache-2.0

/// Calls `body` with a span over `bytes`, or with `nil`.
func withOptionalSpan<Result, Failure: Error>(
    _ bytes: [UInt8]?,
    _ body: (Span<UInt8>?) throws(Failure) -> Result
) throws(Failure) -> Result {
    if let bytes { try body(bytes.span) } else { try body(nil) }
}
