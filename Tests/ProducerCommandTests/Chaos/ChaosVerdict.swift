// SPDX-License-Identifier: Apache-2.0

/// What is wrong after a run, measured by what was guaranteed.
enum ChaosVerdict {
    /// One line for each promise that was broken; none when all is as it must be.
    ///
    /// - Parameters:
    ///   - guarantee: What was promised.
    ///   - mayFail: Whether lines may fail.
    ///   - cutOff: How many records may be gone that were acknowledged: without `acks=all` those that a new leader did not have.
    ///   - account: What the command says.
    ///   - stored: What was read back.
    ///   - lines: What was sent.
    /// - Returns: The lines.
    static func objections(
        _ guarantee: ChaosCase.Guarantee,
        mayFail: Bool,
        cutOff: Int = 0,
        _ account: RunAccount,
        _ stored: StoredLines,
        _ lines: NumberedLines
    ) -> [String] {
        var objections: [String] = []
        if let imbalance = account.imbalance(lines: lines.count) { objections.append(imbalance) }
        if !mayFail, !account.letters.isEmpty {
            let errors = Set(account.letters.map(\.error)).sorted()
            objections.append("\(account.letters.count) lines have failed with \(errors) and none should")
        }
        if stored.strangers > 0 { objections.append("\(stored.strangers) records are none of the lines") }
        let lost = stored.lost(account)
        if lost.count > cutOff { objections.append("acked and not there: \(lost)") }
        // Others have come to the places of those that were cut off.
        if cutOff == 0, let receipt = stored.wrongReceipt(account) {
            objections.append("another record is at \(receipt)")
        }
        if guarantee == .atMostOnce || guarantee == .exactlyOnceInOrder, stored.duplicates > 0 {
            objections.append("\(stored.duplicates) records are there again")
        }
        guard guarantee != .atLeastOnce, guarantee != .atMostOnce else { return objections }
        if let number = stored.disorder(among: account.acked) { objections.append("line \(number) is out of order") }
        return objections
    }
}
