// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// One direction of travel through a message: a reader sets its fields from bytes, a writer turns them into bytes.
///
/// A message names its fields once, in the order of the wire, and so both directions cannot drift apart:
///
///     try coder.field("acks", &acks)
///     try coder.field("logStartOffset", &logStartOffset, since: 5)
///     try coder.tagged(0, "currentLeader", &currentLeader, since: 10, default: LeaderAndEpoch())
///
/// Names are Kafka's own, for errors.
public protocol FieldCoder {
    /// What can go wrong on the way.
    associatedtype Failure: Error

    /// The version of the message under way.
    var version: Int16 { get }

    /// Codes a field that this version has.
    mutating func present<Value: FieldValue>(_ name: StaticString, _ value: inout Value) throws(Failure)
    /// Codes a tagged field that this version has; one that equals its default is left out. Tags must rise.
    mutating func presentTagged<Value: FieldValue & Equatable>(
        _ tag: UInt32,
        _ name: StaticString,
        _ value: inout Value,
        default: Value
    ) throws(Failure)
    /// Passes a field with a value that matters, but which this version does not have.
    mutating func absent(_ name: StaticString) throws(Failure)

    /// Codes one byte, zero for false.
    mutating func boolean(_ value: inout Bool) throws(Failure)
    /// Codes an integer in network byte order.
    mutating func integer<Value: FixedWidthInteger>(_ value: inout Value) throws(Failure)
    /// Codes 16 bytes.
    mutating func topicID(_ value: inout TopicID) throws(Failure)
    /// Codes a string.
    mutating func string(_ value: inout String) throws(Failure)
    /// Codes a string or null.
    mutating func nullableString(_ value: inout String?) throws(Failure)
    /// Codes bytes behind their length.
    mutating func bytes(_ value: inout ByteBuffer) throws(Failure)
    /// Codes bytes behind their length, or null.
    mutating func nullableBytes(_ value: inout ByteBuffer?) throws(Failure)
    /// Codes a count and its elements.
    mutating func array<Element: FieldValue>(_ value: inout [Element]) throws(Failure)
    /// Codes a count and its elements, or null.
    mutating func nullableArray<Element: FieldValue>(_ value: inout [Element]?) throws(Failure)
    /// Codes all fields of a structure, and the tagged fields that end it.
    mutating func structure<Value: FieldStructure>(_ value: inout Value) throws(Failure)
}

extension FieldCoder {
    /// A field that versions `since` to `until` have. In others it is ignored: read as its default, and not written.
    public mutating func field<Value: FieldValue>(
        _ name: StaticString,
        _ value: inout Value,
        since: Int16 = 0,
        until: Int16 = .max
    ) throws(Failure) {
        guard since <= version, version <= until else { return }
        try present(name, &value)
    }

    /// A field that may be null from version `nullableSince` on; before, null is written as an empty value.
    public mutating func field<Value: NullableFieldValue>(
        _ name: StaticString,
        _ value: inout Value?,
        since: Int16 = 0,
        until: Int16 = .max,
        nullableSince: Int16
    ) throws(Failure) {
        guard since <= version, version <= until else { return }
        guard version < nullableSince else { return try present(name, &value) }
        var nonNull = value ?? Value()
        try present(name, &nonNull)
        value = nonNull
    }

    /// A field whose meaning must not be lost: versions that do not have it can say nothing but its default.
    public mutating func field<Value: FieldValue & Equatable>(
        _ name: StaticString,
        _ value: inout Value,
        since: Int16 = 0,
        until: Int16 = .max,
        default: Value
    ) throws(Failure) {
        if since <= version, version <= until {
            try present(name, &value)
        } else if value != `default` {
            try absent(name)
        }
    }

    /// A tagged field that versions from `since` on have. Tagged fields come last in a structure, by rising tag.
    /// Other versions drop one that is ignorable, and can say nothing but the default of another.
    public mutating func tagged<Value: FieldValue & Equatable>(
        _ tag: UInt32,
        _ name: StaticString,
        _ value: inout Value,
        since: Int16,
        default: Value,
        isIgnorable: Bool = false
    ) throws(Failure) {
        if since <= version {
            try presentTagged(tag, name, &value, default: `default`)
        } else if !isIgnorable, value != `default` {
            try absent(name)
        }
    }
}
