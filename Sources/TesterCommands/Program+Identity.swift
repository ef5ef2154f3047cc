import MCP

extension Program {
    /// The identity that targets and hosts see.
    static let identity = Implementation(name: name, version: version, title: "MCP server tester")

    /// The full description that hosts receive when they connect.
    static let info = Implementation(
        name: name,
        version: version,
        title: identity.title,
        description: "Connects to MCP servers, calls their tools, reads their resources and reports what is wrong.",
        websiteUrl: website,
        icons: [Icon(src: icon, mimeType: "image/png", sizes: ["48x48"])]
    )

    private static let website = "https://github.com/rdwj/mcp-test-mcp"

    /// A white check mark on a green square.
    ///
    /// Embedded, so that showing it needs no network.
    private static let icon =
        "data:image/png;base64,"
        + "iVBORw0KGgoAAAANSUhEUgAAADAAAAAwAgMAAAAqbBEUAAAACVBMVEUAAAAaf1r////+onb3AAAAAXRSTlMAQObYZgAAAJdJREFUeNqd0rEN"
        + "hDAMhWFTMMLtwwhXkBQeIfswAoXflJfYIXYkkNCl4pPyg0hMRGvS9SUaz6Y0FtHi2HxX2zfh49jfIoX1AnwElDMA4siPYISmILwN8O/kAWmJ"
        + "GDJ638C11d5wWm8Q/WRvwAN1D7RXlIrjAsN6RY3Ef7snhhLB1hsy4lHJ3SH+cz/Ptz0NxTQu8yCFEfsBHIrI/Z5Dai8AAAAASUVORK5CYII="
}
