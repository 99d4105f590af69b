// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// The id and epoch of an idempotent producer.
@Suite("ProducerIdentity")
struct ProducerIdentityTests {
    private func assigned(epoch: Int16) -> ProducerIdentity {
        var identity = ProducerIdentity(isEnabled: true)
        identity.requestSent()
        identity.received(id: 7, epoch: epoch)
        return identity
    }

    @Test("without idempotence batches may be sent at once, and nothing changes that")
    func disabled() {
        var identity = ProducerIdentity(isEnabled: false)
        #expect(identity.isUsable && !identity.isEnabled)
        identity.requestSent()
        identity.received(id: 1, epoch: 1)
        identity.bumpEpoch()
        #expect(identity.state == .disabled)
    }

    @Test("with it an id is asked for first")
    func asks() {
        var identity = ProducerIdentity(isEnabled: true)
        #expect(identity.state == .needed && !identity.isUsable)
        identity.requestSent()
        #expect(identity.state == .requested && !identity.isUsable)
        identity.received(id: 7, epoch: 0)
        #expect(identity.state == .assigned(id: 7, epoch: 0) && identity.isUsable)
    }

    @Test("a request that fails is asked again")
    func fails() {
        var identity = ProducerIdentity(isEnabled: true)
        identity.requestSent()
        identity.requestFailed()
        #expect(identity.state == .needed)
    }

    @Test("an answer that nobody waits for changes nothing")
    func unasked() {
        var identity = assigned(epoch: 3)
        identity.received(id: 8, epoch: 0)
        identity.requestFailed()
        #expect(identity.state == .assigned(id: 7, epoch: 3))
    }

    @Test("an epoch is bumped here, without the broker (KIP-360)")
    func bump() {
        var identity = assigned(epoch: 3)
        identity.bumpEpoch()
        #expect(identity.state == .assigned(id: 7, epoch: 4))
    }

    @Test("after epoch 32767 comes a new id")
    func rollover() {
        var identity = assigned(epoch: 32766)
        identity.bumpEpoch()
        #expect(identity.state == .assigned(id: 7, epoch: 32767))
        identity.bumpEpoch()
        #expect(identity.state == .needed && !identity.isUsable)
        identity.requestSent()
        identity.received(id: 8, epoch: 0)
        #expect(identity.state == .assigned(id: 8, epoch: 0))
    }
}
