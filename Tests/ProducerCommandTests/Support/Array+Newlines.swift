// SPDX-License-Identifier: Apache-2.0
import Foundation

extension [UInt8] {
    /// The places of the newlines among the first `count` bytes. The C library finds them: in a debug build a loop over
    /// megabytes takes seconds.
    func newlines(inFirst count: Int) -> [Int] {
        unsafe withUnsafeBytes { bytes in
            var places: [Int] = []
            var rest = unsafe bytes.prefix(count)
            while let start = unsafe UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                let found = unsafe memchr(start, 0x0A, rest.count)
            {
                places.append(unsafe rest.startIndex + (UnsafeRawPointer(found) - start))
                unsafe rest = unsafe bytes[(places[places.count - 1] + 1)..<count]
            }
            return places
        }
    }
}
