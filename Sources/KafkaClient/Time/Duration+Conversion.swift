// SPDX-License-Identifier: Apache-2.0
package import NIOCore

extension TimeAmount {
    /// The same time in NIO's terms; what is too long for them is some 73 years.
    package init(clamping duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self = .nanoseconds(overflow ? .max / 4 : min(whole, .max / 4) + attoseconds / 1_000_000_000)
    }

    /// Milliseconds with their fraction.
    package var inMilliseconds: Double { Double(nanoseconds) / 1_000_000 }
}

extension Duration {
    /// Whole milliseconds.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? .max : whole + attoseconds / 1_000_000_000_000_000
    }
}
