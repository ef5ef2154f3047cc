public import MCPHTTP

/// The user's browser on a desktop.
public enum Browser {
    /// The command that opens a URL; nil if there is no desktop to open it on.
    ///
    /// The URL is one argument of a program, never part of a shell command.
    ///
    /// - Parameter variable: The value of an environment variable.
    public static func command(
        opening url: HTTPURL,
        variable: (_ name: String) -> String?
    ) -> (program: String, arguments: [String])? {
        // Over SSH, the browser would open on the wrong machine.
        if ["SSH_CONNECTION", "SSH_TTY"].contains(where: { variable($0)?.isEmpty == false }) { return nil }
        #if canImport(Darwin)
        return ("/usr/bin/open", [url.requestText])
        #else
        let hasDesktop = ["DISPLAY", "WAYLAND_DISPLAY"].contains { variable($0)?.isEmpty == false }
        return hasDesktop ? ("xdg-open", [url.requestText]) : nil
        #endif
    }
}
