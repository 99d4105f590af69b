// SPDX-License-Identifier: Apache-2.0

extension Int {
    /// The smallest power of two that is not smaller than this number; 1 for 1 and below.
    package var roundedUpToPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }

    /// The largest power of two that is not larger than this number; 1 for smaller ones.
    var roundedDownToPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - 1 - leadingZeroBitCount) }
}
