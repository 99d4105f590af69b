// SPDX-License-Identifier: Apache-2.0
import Platform

/// The C library's logarithm, for the axis of percentiles.
enum Logarithm {
    static func base10(_ value: Double) -> Double { log10(value) }
}
