// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// What a carriage return is: a part of records, nothing at their end, or the end of a line.
enum CarriageReturnHandling: String, CaseIterable, ExpressibleByArgument {
    case keep
    case strip
    case end
}
