// SPDX-License-Identifier: Apache-2.0

/// Finds the region of a cluster.
enum AWSRegion {
    /// The region that a broker's name tells: the label in front of `.amazonaws.com`, or in another name one that looks like
    /// a region. Nil when there is none.
    static func named(in host: String) -> String? {
        let name = host.lowercased()
        return name.split(separator: ".").reversed().map(String.init).first(where: isRegion)
    }

    /// The domain of AWS that a region belongs to.
    static func domain(of region: String) -> String {
        if region.hasPrefix("cn-") { return "amazonaws.com.cn" }
        return region.hasPrefix("eusc-") ? "amazonaws.eu" : "amazonaws.com"
    }

    /// Whether a text can be a region's name: `us-east-1`, `us-gov-west-1`.
    static func isRegion(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, let area = parts.first, let number = parts.last, areas.contains(String(area)) else {
            return false
        }
        return !number.isEmpty && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
            && parts.dropFirst().dropLast().allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (0x61...0x7A).contains($0) }
            }
    }

    private static let areas: Set<String> = [
        "af", "ap", "ca", "cn", "eu", "eusc", "il", "me", "mx", "sa", "us",
    ]
}
