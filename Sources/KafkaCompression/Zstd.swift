// SPDX-License-Identifier: Apache-2.0
import CZstd

/// Reads Zstandard frames, several one after the other included.
public enum Zstd {
    private static let smallestRoom = 64 << 10
    /// How much larger than its frame content may claim to be and get the room for it at once.
    private static let likelyRatio = 64

    /// The bytes that `source` was made from, `limit` of them at most.
    ///
    /// Java's frames do not say how long their content is, and zstd's streaming functions take memory as the frame
    /// claims. So whole frames are decompressed into a buffer, and again into a larger one when that was too small.
    public static func decompress(_ source: RawSpan, limit: Int) throws(CompressionError) -> [UInt8] {
        guard source.byteCount > 0 else { throw CompressionError(.zstd, .truncated) }
        guard let context = unsafe ZSTD_createDCtx() else { throw CompressionError(.zstd, .outOfMemory) }
        defer { unsafe ZSTD_freeDCtx(context) }
        let limit = max(limit, 0)
        return unsafe try source.withUnsafeBytes { input throws(CompressionError) in
            // What the frame claims is believed as far as it is likely. Unknown sizes are huge numbers.
            let claimed = Int(clamping: unsafe ZSTD_getFrameContentSize(input.baseAddress, input.count))
            let isLikely = claimed / likelyRatio <= input.count
            var room = min(limit, max(isLikely ? claimed : input.count &* 4, smallestRoom))
            while true {
                var status = 0
                let bytes = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                    status = unsafe ZSTD_decompressDCtx(
                        context,
                        buffer.baseAddress,
                        room,
                        input.baseAddress,
                        input.count
                    )
                    count = ZSTD_isError(status) == 0 ? status : 0
                }
                guard ZSTD_isError(status) != 0 else { return bytes }
                guard ZSTD_getErrorCode(status) == ZSTD_error_dstSize_tooSmall else {
                    throw error(status, available: room)
                }
                guard room < limit else { throw CompressionError(.zstd, .limitExceeded(limit)) }
                room = room > limit / 4 ? limit : room * 4
            }
        }
    }

    /// What an error code of libzstd means here.
    static func error(_ status: Int, available: Int) -> CompressionError {
        let code = ZSTD_getErrorCode(status)
        let name = unsafe String(cString: ZSTD_getErrorName(status))
        let reason: CompressionError.Reason =
            switch code {
            case ZSTD_error_dstSize_tooSmall: .outputTooSmall(available: available)
            case ZSTD_error_memory_allocation: .outOfMemory
            case ZSTD_error_srcSize_wrong: .truncated
            default: .corrupt(name)
            }
        return CompressionError(.zstd, reason)
    }
}
