// SPDX-License-Identifier: Apache-2.0

/// Tells a connection that its broker answers again.
struct Thaw {}
