// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// What becomes of a load when no broker can be reached any more: `--on-outage`.
enum OutageHandling: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Reading goes on as memory becomes free, and what is read fails after `delivery.timeout.ms`.
    case wait
    /// Reading ends once no broker has answered for `delivery.timeout.ms`.
    case stop
}
