// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// What happens to a carriage return at the end of a record.
enum CarriageReturnHandling: String, CaseIterable, ExpressibleByArgument {
    case keep
    case strip
}
