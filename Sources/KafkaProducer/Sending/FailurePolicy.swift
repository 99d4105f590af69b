// SPDX-License-Identifier: Apache-2.0

/// What becomes of a partition's later records once one of them has failed for good.
@nonexhaustive
public enum FailurePolicy: Sendable, Hashable {
    /// They are sent all the same.
    case `continue`
    /// They fail too, so that none of them overtakes the failed one. A partition has at most one batch in flight then.
    case stopPartition
}
