// SPDX-License-Identifier: Apache-2.0

/// What callers ask: each call throws when it is out of turn, and changes nothing then.
extension TransactionMachine {
    /// Asks for an id, which aborts what an earlier owner of the transactional id has left open, and fences it.
    mutating func initialize() throws(ProducerError) {
        switch phase {
        case .uninitialized: phase = .initializing
        case .initializing, .ready: break
        case .failed(let error), .dead(let error): throw error
        case .open, .committing, .aborting: throw misuse("a transaction is open")
        }
    }

    /// Opens a transaction. Nothing is asked for it.
    mutating func begin() throws(ProducerError) {
        switch phase {
        case .ready:
            phase = .open
            count += 1
            openedAt = nil
            membership = .none
            isDrained = false
            isEndSent = false
        case .uninitialized, .initializing: throw misuse("the producer has no id yet")
        case .open: throw misuse("a transaction is open already")
        case .committing, .aborting: throw misuse("the transaction before is not at its end")
        case .failed(let error), .dead(let error): throw error
        }
    }

    /// Begins to commit, or joins the wait for that. ``drained()`` follows.
    ///
    /// - Returns: whether it begins.
    mutating func commit() throws(ProducerError) -> Bool {
        switch phase {
        case .open:
            phase = .committing
            isDrained = false
            return true
        case .committing: return false
        case .failed(let error), .dead(let error): throw error
        case .uninitialized, .initializing, .ready, .aborting: throw misuse("no transaction is open to be committed")
        }
    }

    /// Begins to abort, or joins the wait for that. ``drained()`` follows.
    ///
    /// - Returns: whether it begins.
    mutating func abort() throws(ProducerError) -> Bool {
        switch phase {
        case .open, .failed:
            phase = .aborting
            isDrained = false
            wanted = []
            failOffsets(.transactionAborted)
            return true
        case .committing where !isEndSent:
            ended.append(.commit(.transactionAborted))
            phase = .open
            return try abort()
        case .aborting: return false
        case .committing: throw misuse("the transaction is being committed, and may be already")
        case .dead(let error): throw error
        case .uninitialized, .initializing, .ready: throw misuse("no transaction is open to be aborted")
        }
    }

    /// What asks for the open transaction to be aborted, for a caller that leaves: nil when there is none, or when its commit
    /// was asked for already.
    func abandon() -> TransactionRequest? {
        guard membership != .none, coordinators[.transaction] != nil, identity != nil else { return nil }
        switch phase {
        case .open, .failed: return .end(commits: false)
        case .committing, .aborting: return isEndSent ? nil : .end(commits: false)
        case .uninitialized, .initializing, .ready, .dead: return nil
        }
    }

    /// Commits offsets with the open transaction.
    ///
    /// - Returns: a ticket, by which their end is named.
    mutating func commit(_ list: [CommittedOffset], of member: ConsumerGroupMember) throws(ProducerError) -> Int {
        switch phase {
        case .open: break
        case .failed(let error), .dead(let error): throw error
        default: throw misuse("no transaction is open to commit offsets in")
        }
        lastTicket += 1
        offsets.append(PendingOffsets(ticket: lastTicket, member: member, offsets: list))
        return lastTicket
    }
}
