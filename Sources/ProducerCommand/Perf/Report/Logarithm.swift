// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The C library's logarithm, for the axis of percentiles.
enum Logarithm {
    static func base10(_ value: Double) -> Double { log10(value) }
}
