// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the records that a broker sent, and from which offset on.
struct FetchDefect: Error, Equatable {
    let offset: Int64
    let reason: String
}
