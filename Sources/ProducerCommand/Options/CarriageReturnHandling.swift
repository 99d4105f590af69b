// SPDX-License-Identifier: Apache-2.0

/// What a carriage return is: a part of records, nothing at their end, or the end of a line.
enum CarriageReturnHandling: String, OptionWord {
    case keep
    case strip
    case end
}
