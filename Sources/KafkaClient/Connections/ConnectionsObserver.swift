// SPDX-License-Identifier: Apache-2.0

/// Gets what happens to connections.
protocol ConnectionsObserver: AnyObject {
    /// What was read may let work go on.
    func connectionsHaveNews()
    /// What was read were answers to Produce requests and nothing else, which were passed on.
    func connectionsHaveAnswers()
    /// A request was written out, so that another one may follow.
    func connectionsHaveRoom()
    /// A connection ended that was wanted, so that the cluster may have changed.
    func connectionsLostOne()
    /// What a person may want to know.
    func connectionsDid(_ event: ClientEvent)
    /// A connection has come one step further in its setup.
    func connectionsReached(_ step: SetupStep)
}
