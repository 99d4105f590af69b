// SPDX-License-Identifier: Apache-2.0

extension Fault {
    /// The fault that a line describes; docs/faults.md has the grammar.
    ///
    /// - Parameter text: Such as `produce 3 error NOT_ENOUGH_REPLICAS`.
    /// - Throws: `EmbeddedBrokerError` of code `invalidFault`, which says what cannot be read.
    public init(parsing text: String) throws(EmbeddedBrokerError) {
        var words = FaultWords(text)
        do throws(FaultWords.Objection) {
            self = try words.fault()
        } catch {
            throw EmbeddedBrokerError(.invalidFault, error.reason)
        }
    }
}
