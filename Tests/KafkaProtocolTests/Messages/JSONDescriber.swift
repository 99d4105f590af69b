// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaProtocol
import NIOCore

/// Turns a message into the JSON form that Kafka's own tools print: fields by Kafka's names, those that the version does
/// not have left out, tagged ones left out when they equal their default, bytes in base64, and of records only their size.
struct JSONDescriber: FieldCoder {
    typealias Failure = Never

    let version: Int16
    private var value = JSONValue.null
    private var bytes: ByteBuffer?

    static func describe(_ message: some KafkaMessage, version: Int16) -> JSONValue {
        var describer = JSONDescriber(version: version)
        var message = message
        message.code(&describer)
        return describer.value
    }

    private init(version: Int16) {
        self.version = version
    }

    private func describe(_ part: some FieldValue) -> JSONDescriber {
        var inner = JSONDescriber(version: version)
        var part = part
        part.code(&inner)
        return inner
    }

    mutating func present<Value: FieldValue>(_ name: StaticString, _ value: inout Value) {
        guard case .object(var members) = self.value else { preconditionFailure("a field belongs to a structure") }
        if let number = value as? Double {
            members["\(name)"] = Int64(exactly: number).map { .number($0) } ?? .fraction(number)
            self.value = .object(members)
            return
        }
        let inner = describe(value)
        if let bytes = inner.bytes, "\(name)" == "records" {
            members["recordsSizeInBytes"] = .number(Int64(bytes.readableBytes))
        } else {
            members["\(name)"] = inner.value
        }
        self.value = .object(members)
    }

    mutating func presentTagged<Value: FieldValue & Equatable>(
        _ tag: UInt32,
        _ name: StaticString,
        _ value: inout Value,
        default: Value
    ) {
        guard value != `default` else { return }
        present(name, &value)
    }

    mutating func absent(_ name: StaticString) {}

    mutating func boolean(_ value: inout Bool) {
        self.value = .boolean(value)
    }

    mutating func integer<Value: FixedWidthInteger>(_ value: inout Value) {
        self.value = .number(Int64(value))
    }

    mutating func topicID(_ value: inout TopicID) {
        self.value = .string(value.description)
    }

    mutating func string(_ value: inout String) {
        self.value = .string(value)
    }

    mutating func nullableString(_ value: inout String?) {
        self.value = value.map { .string($0) } ?? .null
    }

    mutating func bytes(_ value: inout ByteBuffer) {
        self.value = .string(Data(value.readableBytesView).base64EncodedString())
        bytes = value
    }

    mutating func nullableBytes(_ value: inout ByteBuffer?) {
        guard var present = value else { return self.value = .null }
        bytes(&present)
    }

    mutating func array<Element: FieldValue>(_ value: inout [Element]) {
        self.value = .array(value.map { describe($0).value })
    }

    mutating func nullableArray<Element: FieldValue>(_ value: inout [Element]?) {
        guard var present = value else { return self.value = .null }
        array(&present)
    }

    mutating func structure<Value: FieldStructure>(_ value: inout Value) {
        self.value = .object([:])
        value.fields(&self)
    }
}
