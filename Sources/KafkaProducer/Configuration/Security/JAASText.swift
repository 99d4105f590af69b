// SPDX-License-Identifier: Apache-2.0
import KafkaClient

/// Writes values of `sasl.jaas.config`.
enum JAASText {
    /// An entry with options, whatever is in their values.
    static func entry(_ module: LoginModule, _ options: [(name: String, value: Secret)]) -> String {
        "\(module.rawValue) required"
            + options.map { " \($0.name)=\"\(escaped($0.value.text))\"" }.joined() + ";"
    }

    /// Between quotes, a quote and a backslash need a backslash before, and the end of a line would be the end of the value.
    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
