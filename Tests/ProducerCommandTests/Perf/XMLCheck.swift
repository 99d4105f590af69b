// SPDX-License-Identifier: Apache-2.0

/// Just enough of a parser to see that a page's elements are closed in order and its text holds no stray markup.
enum XMLCheck {
    struct Element {
        var name: String
        var attributes: [String: String]
    }

    /// All elements in their order; throws for one that is not closed.
    static func elements(of text: String) throws -> [Element] {
        var elements: [Element] = []
        var open: [String] = []
        for match in text.matches(of: /<(\/?)([A-Za-z0-9]+)((?:\s+[a-zA-Z0-9:-]+="[^"<>]*")*)\s*(\/?)>/) {
            let name = String(match.output.2)
            if !match.output.1.isEmpty {
                guard open.popLast() == name else { throw HarnessError("</\(name)> closes nothing") }
                continue
            }
            var attributes: [String: String] = [:]
            for pair in String(match.output.3).matches(of: /([a-zA-Z0-9:-]+)="([^"]*)"/) {
                attributes[String(pair.output.1)] = String(pair.output.2)
            }
            elements.append(Element(name: name, attributes: attributes))
            if match.output.4.isEmpty { open.append(name) }
        }
        guard open.isEmpty else { throw HarnessError("not closed: \(open)") }
        let rest = text.replacing(/<(\/?)([A-Za-z0-9]+)((?:\s+[a-zA-Z0-9:-]+="[^"<>]*")*)\s*(\/?)>/, with: "")
        guard !rest.contains("<") else { throw HarnessError("there is a < that begins no element") }
        return elements
    }
}
