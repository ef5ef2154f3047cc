import Foundation

/// The program under test, as it was built beside these tests.
enum Product {
    /// Its path.
    static let path = neighbor("mcp-test-mcp")

    /// The path of another program that was built beside these tests.
    static func neighbor(_ name: String) -> String {
        folder.appending(path: name).path(percentEncoded: false)
    }

    private static var folder: URL {
        #if os(macOS)
        // The tests are a bundle there, which a program of the tool chain has loaded.
        if let bundle = Bundle.allBundles.first(where: { $0.bundlePath.hasSuffix(".xctest") }) {
            return bundle.bundleURL.deletingLastPathComponent()
        }
        #endif
        return Bundle.main.bundleURL
    }
}
