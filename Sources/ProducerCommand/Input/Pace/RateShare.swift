// SPDX-License-Identifier: Apache-2.0

/// What a budget allows.
enum RateShare: Equatable, Sendable {
    case go(TransactionCuts.Room)
    case wait(seconds: Double)
}
